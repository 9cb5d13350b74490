-- Tries of these companies begun since an instant. Variables: tenants, since (microseconds).
select count(*)
from attempt a
where a.tenant_id = any (:'tenants'::uuid[]) and a.armed_at >= to_timestamp(:since / 1000000.0);
