-- What the server sees to by itself within a minute: statistics of what was just filled. Not of what is empty: it would be
-- taken for empty ever after, and read whole each time.
select format('analyze %s', c.oid::regclass)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname in ('public', 'q') and pg_relation_size(c.oid) > 0
order by c.oid \gexec
