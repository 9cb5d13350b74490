-- For pgbench: the lives of 100 reminders in four transactions: planned and staged; claimed; armed; finished.
\set tenant random(1, 50)
\set first 100 * random(1, 100000000000)
begin;
insert into floor.step
select (:tenant)::bigint, (:first)::bigint + g, 0, now(), 'planned' from generate_series(0, 99) g;
insert into floor.due
select (:tenant)::bigint, '2026-01-01', (:first)::bigint + g, null from generate_series(0, 99) g;
commit;
begin;
update floor.due set lease = 1
where tenant = (:tenant)::bigint and run_at = '2026-01-01' and id between (:first)::bigint and (:first)::bigint + 99;
commit;
begin;
insert into floor.message
select (:tenant)::bigint, (:first)::bigint + g, 0, now(), repeat('x', 200) from generate_series(0, 99) g;
update floor.step set state = 1 where tenant = (:tenant)::bigint and id between (:first)::bigint and (:first)::bigint + 99;
commit;
begin;
insert into floor.attempt
select (:tenant)::bigint, (:first)::bigint + g, 0, now() from generate_series(0, 99) g;
insert into floor.audit
select (:tenant)::bigint, (:first)::bigint + g, now(), '{"action": "message.sent", "actor": "worker"}' from generate_series(0, 99) g;
update floor.message set state = 1 where tenant = (:tenant)::bigint and id between (:first)::bigint and (:first)::bigint + 99;
delete from floor.due
where tenant = (:tenant)::bigint and run_at = '2026-01-01' and id between (:first)::bigint and (:first)::bigint + 99;
commit;
