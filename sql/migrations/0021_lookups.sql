-- Arming writes the row and no index (HOT): what the indexes look at does not change with it, and the row's page has room. What
-- is free and what is dead follow from the phase.
alter table q.due
    add column free boolean generated always as (phase = 0) stored,
    add column dead boolean generated always as (phase = 3) stored;
alter table q.due set (fillfactor = 50);
drop index q.due_claim;
create index due_claim on q.due (tenant_id, lane_id, priority, run_at, due_id) where free;
drop index q.due_dead;
create index due_dead on q.due (tenant_id, due_id) where dead;
-- The end of a try is written beside its beginning, which left no room for it.
alter table attempt set (fillfactor = 75);
-- What a worker asks for is looked up by keys: to compile a statement takes longer than a hundred of them.
alter role recoup_worker set jit = off;
