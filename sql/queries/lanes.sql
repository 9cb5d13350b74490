-- name: queue_lanes(now timestamptz, only uuid?, count integer)
--+ -> tenant_id uuid, tenant_name text, lane_id uuid, kind text, weight integer, due bigint, claimed bigint, armed bigint,
--+ dead bigint, oldest_due timestamptz?, paused_until timestamptz?, paused_reason text?, held_reason text?
-- Lanes with something in them, or paused, the fullest first; for operators, over all tenants.
select l.tenant_id, t.name as tenant_name, l.lane_id, l.kind, t.weight, d.due, d.claimed, d.armed, d.dead, d.oldest_due,
    l.paused_until, l.paused_reason, l.held_reason
from q.lane l
join tenant t on t.tenant_id = l.tenant_id
cross join lateral (
    select count(*) filter (where q.phase = 0 and q.run_at <= $1) as due, count(*) filter (where q.phase = 1) as claimed,
        count(*) filter (where q.phase = 2) as armed, count(*) filter (where q.phase = 3) as dead,
        min(q.run_at) filter (where q.phase = 0 and q.run_at <= $1) as oldest_due
    from q.due q
    where q.tenant_id = l.tenant_id and q.lane_id = l.lane_id
) d
where ($2::uuid is null or l.tenant_id = $2)
    and (d.due + d.claimed + d.armed + d.dead > 0 or l.paused_until > $1 or l.held_reason is not null)
order by d.due desc, d.oldest_due, l.tenant_id, l.lane_id
limit $3;

-- name: queue_dead(only uuid?, count integer)
--+ -> tenant_id uuid, due_id uuid, lane_id uuid, lane_kind text, kind text, ref uuid, failures integer, error text?,
--+ failed_at timestamptz?
-- Dead letters, the newest first; for operators, over all tenants.
select d.tenant_id, d.due_id, d.lane_id, l.kind as lane_kind, d.kind, d.ref, d.failures, d.error, d.failed_at
from q.due d
join q.lane l on l.tenant_id = d.tenant_id and l.lane_id = d.lane_id
where d.dead and ($1::uuid is null or d.tenant_id = $1)
order by d.failed_at desc, d.due_id
limit $2;

-- name: queue_workers()
--+ -> worker_id uuid, host text, started_at timestamptz, silent_seconds integer, dead bool, leases bigint
-- Who works, since when, heard how long ago (database time), and what each holds; the dead only while they hold something.
select w.worker_id, w.host, w.started_at,
    greatest(0, extract(epoch from clock_timestamp() - w.heartbeat_at))::integer as silent_seconds, w.dead, h.leases
from q.worker w
cross join lateral (select count(*) as leases from q.due d where d.worker_id = w.worker_id) h
where not w.dead or h.leases > 0
order by w.started_at, w.worker_id;

-- name: queue_unknown(state text, only uuid?) -> tenant_id uuid, messages bigint, oldest timestamptz
-- How many messages of each tenant nobody knows the outcome of.
select m.tenant_id, count(*) as messages, min(m.armed_at) as oldest
from message m
where m.state = $1 and m.state in ('sending', 'retrying', 'unknown') and ($2::uuid is null or m.tenant_id = $2)
group by m.tenant_id
order by m.tenant_id;

-- name: queue_hold(tenant uuid, lane uuid?, kind text?, reason text) -> lane_id uuid
-- An operator's pause of one lane, of one kind, or of all: nothing more is claimed there.
update q.lane l set held_reason = $4
where l.tenant_id = $1 and ($2::uuid is null or l.lane_id = $2) and ($3::text is null or l.kind = $3)
returning l.lane_id;

-- name: queue_resume(tenant uuid, lane uuid?, kind text?) -> lane_id uuid
-- Ends pauses, those of a gateway that refused us, too.
update q.lane l set held_reason = null, paused_until = null, paused_reason = null
where l.tenant_id = $1 and ($2::uuid is null or l.lane_id = $2) and ($3::text is null or l.kind = $3)
    and (l.held_reason is not null or l.paused_until is not null)
returning l.lane_id;

-- name: queue_replay(tenant uuid, ids uuid[]?, now timestamptz) -> due_id uuid, kind text
-- Dead letters are due again at once, before what was planned, with all their tries.
update q.due d set phase = 0, priority = 0, run_at = $3, failures = 0, error = null, failed_at = null
where d.tenant_id = $1 and d.dead and ($2::uuid[] is null or d.due_id = any ($2))
returning d.due_id, d.kind;

-- name: queue_hurry(tenant uuid, step uuid, now timestamptz)
-- A step that somebody wants sent now: its own time is now.
update step_run s set due_at = $3
where s.tenant_id = $1 and s.step_run_id = $2 and s.state = 'planned';

-- name: queue_weight(tenant uuid, weight integer)
-- The tenant's share of the workers where they are short.
update tenant t set weight = $2 where t.tenant_id = $1;
