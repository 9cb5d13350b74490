-- name: metrics_queue(now timestamptz)
--+ -> kind text, due bigint, claimed bigint, armed bigint, oldest_due timestamptz?
-- Depth of the hot queue by kind of lane, over all tenants.
select l.kind, count(d.phase) filter (where d.phase = 0 and d.run_at <= $1) as due,
    count(d.phase) filter (where d.phase = 1) as claimed, count(d.phase) filter (where d.phase = 2) as armed,
    min(d.run_at) filter (where d.phase = 0 and d.run_at <= $1) as oldest_due
from q.lane l
left join q.due d on d.tenant_id = l.tenant_id and d.lane_id = l.lane_id
group by l.kind;

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
