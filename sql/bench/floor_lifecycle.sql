-- For pgbench: the lives of 100 reminders in four transactions: planned and staged; claimed; armed; finished.
\set tenant random(1, 50)
\set batch random(1, 100000000000)
begin;
insert into floor.step
select floor.tenant((:tenant)::bigint), floor.id((:batch)::bigint, g), 0, now(), 'planned' from generate_series(1, 100) g;
insert into floor.due
select floor.tenant((:tenant)::bigint), '2026-01-01', floor.id((:batch)::bigint, g), 0, null from generate_series(1, 100) g;
commit;
begin;
update floor.due set lease = 1
where tenant = floor.tenant((:tenant)::bigint) and run_at = '2026-01-01' and id between floor.id((:batch)::bigint, 1) and floor.id((:batch)::bigint, 100);
commit;
begin;
insert into floor.message
select floor.tenant((:tenant)::bigint), floor.id((:batch)::bigint, g), 0, now(), repeat('x', 200) from generate_series(1, 100) g;
update floor.step set state = 1
where tenant = floor.tenant((:tenant)::bigint) and id between floor.id((:batch)::bigint, 1) and floor.id((:batch)::bigint, 100);
commit;
begin;
insert into floor.attempt
select floor.tenant((:tenant)::bigint), floor.id((:batch)::bigint, g), 0, now() from generate_series(1, 100) g;
insert into floor.audit
select floor.tenant((:tenant)::bigint), floor.id((:batch)::bigint, g), now(), '{"action": "message.sent", "actor": "worker"}' from generate_series(1, 100) g;
update floor.message set state = 1
where tenant = floor.tenant((:tenant)::bigint) and id between floor.id((:batch)::bigint, 1) and floor.id((:batch)::bigint, 100);
delete from floor.due
where tenant = floor.tenant((:tenant)::bigint) and run_at = '2026-01-01' and id between floor.id((:batch)::bigint, 1) and floor.id((:batch)::bigint, 100);
commit;
