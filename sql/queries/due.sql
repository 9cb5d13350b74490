-- name: due_stage(tenant uuid, lane uuid, horizon timestamptz, limit integer) -> staged integer
-- Brings planned steps of a lane into the hot table ahead of time. Two minutes of slack find late commits.
select q.stage($1, $2, $3, '2 minutes'::interval, $4) as staged;

-- name: due_claim(tenant uuid, lane uuid, worker uuid, now timestamptz, limit integer)
--+ -> due_id uuid, kind text, ref uuid, run_at timestamptz, attempt_no integer, lease bigint
-- Leases due rows of one lane to a worker.
select c.due_id, c.kind, c.ref, c.run_at, c.attempt_no, c.lease from q.claim($1, $2, $3, $4, $5) c;

-- name: due_arm(tenant uuid, worker uuid, due uuid[], leases bigint[]) -> due_id uuid, attempt_no integer
-- From here on the message may be on the wire. Only rows returned are ours to send.
select a.due_id, a.attempt_no from q.arm($1, $2, $3, $4) a;

-- name: due_finish(tenant uuid, worker uuid, due uuid[], leases bigint[]) -> due_id uuid
-- Ends leases; a row not returned was fenced.
select f.due_id from q.finish($1, $2, $3, $4) f;

-- name: due_release(tenant uuid, worker uuid, due uuid[], leases bigint[], run_at timestamptz[], burn bool) -> due_id uuid
-- Gives rows back to the queue, due at run_at.
select r.due_id from q.release($1, $2, $3, $4, $5, $6) r;

-- name: due_insert(tenant uuid, ids uuid[], lanes uuid[], kinds text[], refs uuid[], run_at timestamptz[])
-- Puts rows into the hot table at once. A job already there is drawn nearer, and its row is locked: a finisher that
-- deletes it after us looks again.
insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
select $1, x.id, x.lane_id, x.kind, x.ref, x.run_at
from unnest($2, $3, $4, $5, $6) x (id, lane_id, kind, ref, run_at)
on conflict (tenant_id, kind, ref) do update set run_at = least(q.due.run_at, excluded.run_at);

-- name: due_delete_steps(tenant uuid, steps uuid[])
-- Steps that were skipped or moved leave the queue; whoever claimed them finds nothing to arm.
delete from q.due d
where d.tenant_id = $1 and d.kind = 'step' and d.ref = any ($2) and d.phase < 2;

-- name: due_pause_lane(tenant uuid, lane uuid, until timestamptz, reason text)
-- A gateway that refuses us as a whole rests; its jobs keep their attempts.
update q.lane l set paused_until = $3, paused_reason = $4
where l.tenant_id = $1 and l.lane_id = $2;

-- name: due_ready_lanes(now timestamptz, horizon timestamptz, limit integer)
--+ -> tenant_id uuid, lane_id uuid, kind text, claimable bool, stageable bool
-- The one hot look across tenants: read only, no locks.
select l.tenant_id, l.lane_id, l.kind, l.claimable, l.stageable from q.ready_lanes($1, $2, '2 minutes'::interval, $3) l;

-- name: due_heartbeat(worker uuid, host text) -> alive bool
-- Alive by database time.
select q.heartbeat($1, $2) as alive;

-- name: due_orphans(silence integer, limit integer)
--+ -> tenant_id uuid, lane_id uuid, worker_id uuid, due_id uuid, lease bigint, phase smallint, kind text
-- Leases of workers that fell silent.
select b.tenant_id, b.lane_id, b.worker_id, b.due_id, b.lease, b.phase, b.kind
from q.bury(make_interval(secs => $1), $2) b;

-- name: due_held(tenant uuid, lane uuid, worker uuid) -> due_id uuid, lease bigint, phase smallint
-- What one worker holds in a lane, when it is not sure any more.
select d.due_id, d.lease, d.phase
from q.due d
where d.tenant_id = $1 and d.lane_id = $2 and d.worker_id = $3;
