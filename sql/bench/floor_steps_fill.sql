-- What the database alone takes to write a company's steps, in seconds: one statement, as the worker's role. Variable: tenant.
set statement_timeout = 0;
select clock_timestamp() as begun \gset
begin;
select sec.enter(:'tenant');
insert into floor.step_run
select s.*
from step_run s
where s.tenant_id = :'tenant'
on conflict do nothing;
commit;
select extract(epoch from clock_timestamp() - :'begun'::timestamptz);
