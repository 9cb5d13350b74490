-- Milliseconds from falling due to being accepted of each reminder of these companies that fell due between two instants; of one
-- that was not accepted, Infinity. Variables: tenants, from, before (microseconds).
select coalesce(extract(epoch from a.finished_at - s.due_at) * 1000, 'Infinity')
from step_run s
left join attempt a on a.tenant_id = s.tenant_id and a.message_id = s.message_id and a.outcome = 'accepted'
where s.tenant_id = any (:'tenants'::uuid[]) and s.due_at >= to_timestamp(:from / 1000000.0)
    and s.due_at < to_timestamp(:before / 1000000.0);
