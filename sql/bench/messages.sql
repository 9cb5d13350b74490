-- Messages by state, one a line.
select m.state, count(*)
from message m
group by m.state
order by m.state;
