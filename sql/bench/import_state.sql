-- How far a tenant's import is, on one line. Variable: tenant.
select i.state, i.invoices_created, coalesce(extract(epoch from i.finished_at - i.received_at), 0), coalesce(i.problem, ''),
    i.errors
from import i
where i.tenant_id = :'tenant';
