-- A ledger as imports leave it, but for its rollups: those the worker makes, since the tenant wants other edges than they
-- were made with. Two years of invoices, seven of ten paid within two months. Variables: tenant, brand, invoices, today.
set session_replication_role = replica;
insert into source (tenant_id, source, created_at) values (:'tenant', 'bench', now());
insert into customer (tenant_id, customer_id, external_id, name, kind, request, created_at, updated_at)
select :'tenant'::uuid, lpad(to_hex(g), 32, '0')::uuid, 'C' || g, 'Customer ' || g, 'business', '{}', now(), now()
from generate_series(0, :invoices / 10) g;
insert into invoice (
    tenant_id, invoice_id, customer_id, brand_id, source, external_id, number, issue_date, due_date, currency, total,
    settled_at, recorded_at)
select :'tenant'::uuid, lpad(to_hex(g), 32, '0')::uuid, lpad(to_hex(g / 10), 32, '0')::uuid, :'brand'::uuid, 'bench',
    'I' || g, 'R-' || g, :'today'::date - 60 - g % 670, :'today'::date - 30 - g % 670, 'USD', 1000 + g % 90000,
    case when g % 10 < 7 then now() end, now()
from generate_series(1, :invoices) g;
insert into payment (
    tenant_id, payment_id, kind, customer_id, brand_id, source, external_id, currency, amount, unallocated, automatic,
    status, method, value_date, recorded_at)
select :'tenant'::uuid, lpad(to_hex(g), 32, '0')::uuid, 'payment', lpad(to_hex(g / 10), 32, '0')::uuid, :'brand'::uuid,
    'bench', 'P' || g, 'USD', 1000 + g % 90000, 0, false, 'succeeded', 'transfer', :'today'::date - 60 - g % 670 + g % 60,
    now()
from generate_series(1, :invoices) g
where g % 10 < 7;
insert into ledger_entry (
    tenant_id, ledger_entry_id, kind, customer_id, brand_id, invoice_id, payment_id, currency, amount, value_date,
    recorded_at)
select :'tenant'::uuid, lpad(to_hex(2 * g), 32, '0')::uuid, 'invoice', lpad(to_hex(g / 10), 32, '0')::uuid, :'brand'::uuid,
    lpad(to_hex(g), 32, '0')::uuid, null, 'USD', 1000 + g % 90000, :'today'::date - 60 - g % 670, now()
from generate_series(1, :invoices) g
union all
select :'tenant'::uuid, lpad(to_hex(2 * g + 1), 32, '0')::uuid, 'payment', lpad(to_hex(g / 10), 32, '0')::uuid,
    :'brand'::uuid, lpad(to_hex(g), 32, '0')::uuid, lpad(to_hex(g), 32, '0')::uuid, 'USD', -(1000 + g % 90000),
    :'today'::date - 60 - g % 670 + g % 60, now()
from generate_series(1, :invoices) g
where g % 10 < 7;
analyze customer, invoice, payment, ledger_entry;
insert into receivable_book (tenant_id, aging_edges) values (:'tenant', '{30,60,90}');
update tenant set aging_edges = '{15,30,60}' where tenant_id = :'tenant';
select count(*) from ledger_entry where tenant_id = :'tenant';
