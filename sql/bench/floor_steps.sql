-- An empty table of nobody that is equal to the one of steps: columns, indexes, constraints, row-level security.
drop schema if exists floor cascade;
create schema floor;
create table floor.step_run (like public.step_run including all) with (fillfactor = 85);
select format('alter table floor.step_run add constraint %I %s', c.conname, pg_get_constraintdef(c.oid))
from pg_constraint c
where c.conrelid = 'public.step_run'::regclass and c.contype = 'f' \gexec
select sec.protect('floor.step_run');
grant usage on schema floor to recoup_worker;
grant select, insert on floor.step_run to recoup_worker;
