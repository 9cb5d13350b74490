-- What the database alone does with the staged rows of an import (from standard input): one statement for each table an
-- import writes, all constraints, indexes and row-level security on. Variables: tenant, brand.
set statement_timeout = 0;
begin;
select sec.enter(:'tenant');
\copy import_row from pstdin
insert into source (tenant_id, source, created_at) values (:'tenant', 'api', now()) on conflict do nothing;
insert into customer (tenant_id, customer_id, external_id, name, kind, request, created_at, updated_at)
select distinct on (r.customer) :'tenant'::uuid, r.customer_id, r.customer, r.customer_name, 'business', '{}', now(), now()
from import_row r
where r.tenant_id = :'tenant'
on conflict do nothing;
insert into contact (tenant_id, contact_id, customer_id, role, name, email, email_key, created_at, updated_at)
select distinct on (r.customer_id) :'tenant'::uuid, r.customer_id, r.customer_id, 'billing', r.customer_name,
    r.contact_email, r.contact_key, now(), now()
from import_row r
where r.tenant_id = :'tenant'
on conflict do nothing;
insert into invoice (
    tenant_id, invoice_id, customer_id, brand_id, source, external_id, version, number, issue_date, due_date, currency,
    total, settled_at, recorded_at)
select :'tenant'::uuid, r.invoice_id, r.customer_id, :'brand'::uuid, 'api', r.invoice, r.version, r.number, r.issue_date,
    r.due_date, r.currency, r.total, case when r.paid >= r.total then now() end, now()
from import_row r
where r.tenant_id = :'tenant'
on conflict do nothing;
insert into payment (
    tenant_id, payment_id, kind, customer_id, brand_id, source, external_id, version, currency, amount, unallocated,
    automatic, status, method, value_date, recorded_at)
select :'tenant'::uuid, r.payment_id, 'payment', r.customer_id, :'brand'::uuid, 'api', r.payment, r.payment_version,
    r.paid_currency, r.paid, 0, false, 'succeeded', r.method, r.value_date, now()
from import_row r
where r.tenant_id = :'tenant' and r.payment is not null
on conflict do nothing;
insert into allocation (tenant_id, payment_id, source, invoice_external_id, amount)
select :'tenant'::uuid, r.payment_id, 'api', r.payment_invoice, r.paid
from import_row r
where r.tenant_id = :'tenant' and r.payment is not null
on conflict do nothing;
insert into ledger_entry (
    tenant_id, ledger_entry_id, kind, customer_id, brand_id, invoice_id, payment_id, currency, amount, value_date,
    recorded_at)
select :'tenant'::uuid, r.invoice_id, 'invoice', r.customer_id, :'brand'::uuid, r.invoice_id, null, r.currency, r.total,
    r.issue_date, now()
from import_row r
where r.tenant_id = :'tenant'
union all
select :'tenant'::uuid, r.payment_id, 'payment', r.customer_id, :'brand'::uuid, r.invoice_id, r.payment_id, r.currency,
    -r.paid, r.value_date, now()
from import_row r
where r.tenant_id = :'tenant' and r.payment is not null
on conflict do nothing;
insert into enrolment (
    tenant_id, enrolment_id, customer_id, brand_id, currency, track, workflow_version_id, status, cycle, dirty, opened_at)
select distinct on (r.customer_id) :'tenant'::uuid, r.customer_id, r.customer_id, :'brand'::uuid, 'USD', 'receivable',
    w.current_version_id, 'active', 1, true, now()
from import_row r
join tenant t on t.tenant_id = :'tenant'
join workflow w on w.tenant_id = :'tenant' and w.workflow_id = t.workflow_id
where r.tenant_id = :'tenant' and r.payment is null
on conflict do nothing;
commit;
