-- name: due_stage(tenant uuid, lane uuid, horizon timestamptz, limit integer) -> staged integer
-- Brings planned steps of a lane into the hot table ahead of time. Two minutes of slack find late commits.
select q.stage($1, $2, $3, '2 minutes'::interval, $4) as staged;

-- name: due_claim(tenant uuid, lane uuid, worker uuid, now timestamptz, limit integer, start bigint?, full bool, held integer, flying integer)
--+ -> due_id uuid, kind text, ref uuid, run_at timestamptz, attempt_no integer, failures integer, lease bigint,
--+ is_urgent bool, seats integer?
-- Leases due rows of one lane to a worker, and says how many sessions of its gateway it may use.
select c.due_id, c.kind, c.ref, c.run_at, c.attempt_no, c.failures, c.lease, c.is_urgent, c.seats
from q.claim($1, $2, $3, $4, $5, $6, $7, $8, $9) c;

-- name: due_keep_seats(tenant uuid, lane uuid, worker uuid, held integer, flying integer) -> seats integer?
-- Between two claims: this worker still uses sessions of the gateway.
select q.keep_seats($1, $2, $3, $4, $5) as seats;

-- name: due_arm(tenant uuid, worker uuid, due uuid[], leases bigint[]) -> due_id uuid, attempt_no integer
-- From here on the message may be on the wire. Only rows returned are ours to send.
select a.due_id, a.attempt_no from q.arm($1, $2, $3, $4) a;

-- name: due_finish(tenant uuid, worker uuid, due uuid[], leases bigint[]) -> due_id uuid
-- Ends leases; a row not returned was fenced.
select f.due_id from q.finish($1, $2, $3, $4) f;

-- name: due_release(tenant uuid, worker uuid, due uuid[], leases bigint[], run_at timestamptz[], burn bool) -> due_id uuid
-- Gives rows back to the queue, due at run_at.
select r.due_id from q.release($1, $2, $3, $4, $5, $6) r;

-- name: due_insert(tenant uuid, ids uuid[], lanes uuid[], kinds text[], refs uuid[], run_at timestamptz[], priorities smallint[])
-- Puts rows into the hot table at once. A job already there is drawn nearer, and its row is locked: a finisher that
-- deletes it after us looks again. A dead letter gets another try for a new cause. The row's id is its ref.
insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at, priority)
select $1, x.id, x.lane_id, x.kind, x.ref, x.run_at, x.priority
from unnest($2, $3, $4, $5, $6, $7) x (id, lane_id, kind, ref, run_at, priority)
on conflict (tenant_id, due_id) do update
set run_at = case when q.due.phase = 3 then excluded.run_at else least(q.due.run_at, excluded.run_at) end,
    phase = case when q.due.phase = 3 then 0 else q.due.phase end,
    priority = least(q.due.priority, excluded.priority);

-- name: due_delete_steps(tenant uuid, steps uuid[])
-- Steps that were skipped or moved leave the queue; whoever claimed them finds nothing to arm.
delete from q.due d
where d.tenant_id = $1 and d.kind = 'step' and d.ref = any ($2) and d.phase <> 2;

-- name: due_pause_lane(tenant uuid, lane uuid, until timestamptz, reason text)
-- A gateway that refuses us as a whole rests; its jobs keep their attempts.
update q.lane l set paused_until = greatest(l.paused_until, $3), paused_reason = $4
where l.tenant_id = $1 and l.lane_id = $2;

-- name: due_fail(tenant uuid, worker uuid, due uuid[], leases bigint[], run_at timestamptz, now timestamptz, error text, most integer)
--+ -> due_id uuid, is_dead bool
-- Failed for a reason of ours: later again, or a dead letter.
select f.due_id, f.is_dead from q.fail($1, $2, $3, $4, $5, $6, $7, $8) f;

-- name: due_ready_lanes(now timestamptz, full bool, limit integer)
--+ -> tenant_id uuid, lane_id uuid, kind text, weight integer, start bigint, is_urgent bool
-- The one hot look across tenants: read only, no locks, in fair order.
select l.tenant_id, l.lane_id, l.kind, l.weight, l.start, l.is_urgent from q.ready_lanes($1, $2, $3) l;

-- name: due_stageable_lanes(horizon timestamptz, limit integer) -> tenant_id uuid, lane_id uuid
-- Where planned steps come near. Two minutes of slack find late commits.
select l.tenant_id, l.lane_id from q.stageable_lanes($1, '2 minutes'::interval, $2) l;

-- name: due_heartbeat(worker uuid, host text) -> alive bool
-- Alive by database time.
select q.heartbeat($1, $2) as alive;

-- name: due_farewell(worker uuid) -> known bool
-- This worker holds nothing and comes no more.
select q.farewell($1) as known;

-- name: due_periodic(worker uuid) -> name text?
-- Takes the next periodic work that is due.
select q.take_periodic($1) as name;

-- name: due_forget_workers() -> forgotten bigint
-- Workers dead for a day that hold nothing.
select q.forget_workers('1 day'::interval) as forgotten;

-- name: due_revive(tenant uuid, kind text, refs uuid[], now timestamptz)
-- Dead letters get another try for a new cause.
update q.due d set phase = 0, run_at = $4
where d.tenant_id = $1 and d.kind = $2 and d.ref = any ($3) and d.phase = 3;

-- name: due_orphans(silence integer, limit integer)
--+ -> tenant_id uuid, lane_id uuid, worker_id uuid, due_id uuid, lease bigint, phase smallint, kind text
-- Leases of workers that fell silent.
select b.tenant_id, b.lane_id, b.worker_id, b.due_id, b.lease, b.phase, b.kind
from q.bury(make_interval(secs => $1), $2) b;

-- name: due_armed_among(tenant uuid, worker uuid, due uuid[], leases bigint[])
--+ -> due_id uuid, lease bigint, phase smallint
-- In which phase these leases are; locked, so that it stays so. Waits for a commit that is under way.
select d.due_id, d.lease, d.phase
from q.due d
join unnest($3, $4) x (due_id, lease) on x.due_id = d.due_id and x.lease = d.lease
where d.tenant_id = $1 and d.worker_id = $2 and d.due_id = any ($3)
order by d.due_id
for update of d;

-- name: due_held(tenant uuid, lane uuid, worker uuid) -> due_id uuid, lease bigint, phase smallint
-- What one worker holds in a lane, when it is not sure any more.
select d.due_id, d.lease, d.phase
from q.due d
where d.tenant_id = $1 and d.lane_id = $2 and d.worker_id = $3;
