-- Open invoices of customers that have no case yet, due from sixty days ago to ten days ahead, as imports leave them but for
-- rollups. Customers are numbered from 1. Variables: tenant, customers, invoices, today.
set session_replication_role = replica;
insert into customer (tenant_id, customer_id, external_id, name, kind, request, created_at, updated_at)
select :'tenant'::uuid, lpad(to_hex(g), 32, '0')::uuid, 'C' || g, 'Customer ' || g, 'business', '{}', now(), now()
from generate_series(1, :customers) g;
insert into contact (tenant_id, contact_id, customer_id, role, name, email, email_key, created_at, updated_at)
select :'tenant'::uuid, lpad(to_hex(g), 32, '0')::uuid, lpad(to_hex(g), 32, '0')::uuid, 'billing', 'Customer ' || g,
    'c' || g || '@debtor.example', 'c' || g || '@debtor.example', now(), now()
from generate_series(1, :customers) g;
insert into invoice (
    tenant_id, invoice_id, customer_id, brand_id, source, external_id, number, issue_date, due_date, currency, total,
    recorded_at)
select :'tenant'::uuid, lpad(to_hex(g), 32, '0')::uuid, lpad(to_hex(1 + g % :customers), 32, '0')::uuid, b.brand_id, 'api',
    'I' || g, 'R-' || g, :'today'::date - 20 - g * 31 % 71, :'today'::date + 10 - g * 31 % 71, 'USD', 1000 + g % 90000,
    now()
from generate_series(1, :invoices) g
join brand b on b.tenant_id = :'tenant';
insert into ledger_entry (
    tenant_id, ledger_entry_id, kind, customer_id, brand_id, invoice_id, currency, amount, value_date, recorded_at)
select v.tenant_id, v.invoice_id, 'invoice', v.customer_id, v.brand_id, v.invoice_id, v.currency, v.total, v.issue_date,
    v.recorded_at
from invoice v
where v.tenant_id = :'tenant' and v.external_id like 'I%';
vacuum (analyze) customer, contact, invoice, ledger_entry;
