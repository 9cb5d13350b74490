-- How many reminders of these companies are in the queue, and what else. Variable: tenants.
select count(*) filter (where kind = 'step'), count(*) filter (where kind <> 'step')
from q.due
where tenant_id = any (:'tenants'::uuid[]);
