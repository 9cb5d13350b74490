-- name: metrics_queue(now timestamptz)
--+ -> kind text, due bigint, claimed bigint, armed bigint, dead bigint, oldest_due timestamptz?, lanes bigint,
--+ resting bigint, held bigint
-- Depth of the hot queue by kind of lane, over all tenants. What waits in a lane that an operator paused is not late.
select l.kind, sum(d.due)::bigint as due, sum(d.claimed)::bigint as claimed, sum(d.armed)::bigint as armed,
    sum(d.dead)::bigint as dead, min(d.oldest_due) filter (where l.held_reason is null) as oldest_due,
    count(*) as lanes, count(*) filter (where l.paused_until > $1) as resting,
    count(*) filter (where l.held_reason is not null) as held
from q.lane l
cross join lateral (
    select count(*) filter (where q.phase = 0 and q.run_at <= $1) as due, count(*) filter (where q.phase = 1) as claimed,
        count(*) filter (where q.phase = 2) as armed, count(*) filter (where q.phase = 3) as dead,
        min(q.run_at) filter (where q.phase = 0 and q.run_at <= $1) as oldest_due
    from q.due q
    where q.tenant_id = l.tenant_id and q.lane_id = l.lane_id
) d
group by l.kind;

-- name: metrics_periodic() -> name text, late_seconds bigint
-- By how much the instance's periodic work is late (database time).
select p.name, greatest(0, extract(epoch from clock_timestamp() - greatest(p.next_at, p.began_at)))::bigint as late_seconds
from q.periodic p;

-- name: metrics_messages() -> state text, messages bigint
-- Messages by state, over all tenants.
select m.state, count(*) as messages from message m group by m.state;

-- name: metrics_workers() -> alive bigint, dead bigint, quietest timestamptz?
-- Workers, and when the quietest living one was last heard (database time).
select count(*) filter (where not w.dead) as alive, count(*) filter (where w.dead) as dead,
    min(w.heartbeat_at) filter (where not w.dead) as quietest
from q.worker w;

-- name: metrics_tenants() -> mode text, tenants bigint
-- Tenants by mode.
select t.mode, count(*) as tenants from tenant t group by t.mode;

-- name: metrics_instance() -> clock_offset_us bigint, hold_reason text?
-- The product's clock, and whether the system holds.
select i.clock_offset_us, i.hold_reason from instance i;
