-- What these companies have not sent, and what was planned after it, is forgotten; the patterns stay. Lanes that rest go on.
-- Variable: tenants.
delete from q.due where tenant_id = any (:'tenants'::uuid[]) and kind = 'step';
delete from step_run s
using customer c
where s.tenant_id = any (:'tenants'::uuid[]) and s.state = 'planned' and c.tenant_id = s.tenant_id
    and c.customer_id = s.customer_id and c.external_id <> 'c0';
update q.lane set paused_until = null, paused_reason = null
where tenant_id = any (:'tenants'::uuid[]) and paused_until is not null;
