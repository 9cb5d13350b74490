-- Whether a tenant's rollups are made and nothing waits to be added to them. Variable: tenant.
select t.aging_edges = b.aging_edges and not exists (select 1 from receivable_delta d where d.tenant_id = t.tenant_id)
from tenant t
join receivable_book b on b.tenant_id = t.tenant_id
where t.tenant_id = :'tenant';
