-- name: import_brand(tenant uuid, wanted text?)
--+ -> brand_id uuid, name text, zone text, grace_days integer, mode text
-- The brand an import goes to: by id or name, or the only one. Two rows are enough to see that it is not the only one.
select b.brand_id, b.name, b.zone, b.grace_days, t.mode
from brand b
join tenant t on t.tenant_id = $1
where b.tenant_id = $1 and ($2::text is null or b.name = $2 or b.brand_id::text = $2)
order by b.brand_id
limit 2;

-- name: import_start(tenant uuid, import uuid, mapping jsonb, entry_policy text, rows_read integer, at timestamptz)
-- Written before the first row of data, so that a killed import leaves its trace.
insert into import (tenant_id, import_id, state, mapping, entry_policy, rows_read, created_at)
values ($1, $2, 'running', $3, $4, $5, $6);

-- name: import_count(tenant uuid, import uuid, customers integer, invoices integer, payments integer, unchanged integer,
--+ errors integer)
-- Adds what one chunk did, in the chunk's own transaction.
update import
set customers_created = customers_created + $3, invoices_created = invoices_created + $4,
    payments_created = payments_created + $5, unchanged = unchanged + $6, errors = errors + $7
where tenant_id = $1 and import_id = $2;

-- name: import_finish(tenant uuid, import uuid, state text, at timestamptz)
-- The end, good or bad.
update import
set state = $3, finished_at = $4
where tenant_id = $1 and import_id = $2;

-- name: import_by_id(tenant uuid, import uuid)
--+ -> import_id uuid, state text, entry_policy text, rows_read integer, customers_created integer,
--+ invoices_created integer, payments_created integer, unchanged integer, errors integer, created_at timestamptz,
--+ finished_at timestamptz?
-- One import as shown.
select import_id, state, entry_policy, rows_read, customers_created, invoices_created, payments_created, unchanged,
    errors, created_at, finished_at
from import
where tenant_id = $1 and import_id = $2;

-- name: import_page(tenant uuid, before uuid?, count bigint)
--+ -> import_id uuid, state text, entry_policy text, rows_read integer, customers_created integer,
--+ invoices_created integer, payments_created integer, unchanged integer, errors integer, created_at timestamptz,
--+ finished_at timestamptz?
-- Newest first.
select import_id, state, entry_policy, rows_read, customers_created, invoices_created, payments_created, unchanged,
    errors, created_at, finished_at
from import
where tenant_id = $1 and ($2::uuid is null or import_id < $2)
order by import_id desc
limit $3;

-- name: import_error_page(tenant uuid, import uuid, after_line integer, after_part text, count bigint)
--+ -> line integer, part text, field text, code text, message text
-- By line, from behind the last one seen (line 0 for the first page).
select line, part, field, code, message
from import_error
where tenant_id = $1 and import_id = $2 and (line, part) > ($3, $4)
order by line, part
limit $5;

-- name: import_error_add(tenant uuid, import uuid, lines integer[], parts text[], fields text[], codes text[],
--+ messages text[])
-- What was not taken in, and why.
insert into import_error (tenant_id, import_id, line, part, field, code, message)
select $1, $2, x.line, x.part, x.field, x.code, x.message
from unnest($3, $4, $5, $6, $7) as x (line, part, field, code, message)
on conflict on constraint import_error_pk do nothing;

-- name: import_customers(tenant uuid, brand uuid, externals text[])
--+ -> external_id text, customer_id uuid, name text, kind text, request_name text?, request_kind text?,
--+ has_contact bool, has_case bool
-- Those already there. A customer renamed since its import still counts as the same when the file has its first name.
select c.external_id, c.customer_id, c.name, c.kind, c.request ->> 'name' as request_name,
    c.request ->> 'kind' as request_kind,
    exists (select 1 from contact k where k.tenant_id = $1 and k.customer_id = c.customer_id) as has_contact,
    exists (
        select 1 from enrolment e
        where e.tenant_id = $1 and e.customer_id = c.customer_id and e.brand_id = $2
            and e.status in ('pending', 'active', 'exhausted')
    ) as has_case
from customer c
where c.tenant_id = $1 and c.external_id = any ($3);

-- name: import_customer_add(tenant uuid, customers uuid[], externals text[], names text[], kinds text[],
--+ requests jsonb[], at timestamptz)
--+ -> customer_id uuid
-- New ones; what another transaction wrote first is left alone and not returned.
insert into customer (tenant_id, customer_id, external_id, name, kind, request, created_at, updated_at)
select $1, x.customer_id, x.external_id, x.name, x.kind, x.request, $7, $7
from unnest($2, $3, $4, $5, $6) as x (customer_id, external_id, name, kind, request)
on conflict on constraint customer_external_id_key do nothing
returning customer_id;

-- name: import_contact_add(tenant uuid, contacts uuid[], customers uuid[], names text[], emails text[],
--+ email_keys text[], at timestamptz)
-- The first contact of customers that have none.
insert into contact (tenant_id, contact_id, customer_id, role, name, email, email_key, created_at, updated_at)
select $1, x.contact_id, x.customer_id, 'billing', x.name, x.email, x.email_key, $7, $7
from unnest($2, $3, $4, $5, $6) as x (contact_id, customer_id, name, email, email_key)
on conflict on constraint contact_pk do nothing;

-- name: import_invoices(tenant uuid, externals text[])
--+ -> external_id text, invoice_id uuid, customer_id uuid, brand_id uuid, number text, issue_date date?, due_date date?,
--+ currency text, total bigint
-- Those already there.
select external_id, invoice_id, customer_id, brand_id, number, issue_date, due_date, currency, total
from invoice
where tenant_id = $1 and source = 'api' and external_id = any ($2);

-- name: import_invoice_add(tenant uuid, brand uuid, invoices uuid[], customers uuid[], externals text[], numbers text[],
--+ issue_dates text[], due_dates text[], currencies text[], totals bigint[], requests jsonb[], at timestamptz)
--+ -> invoice_id uuid
-- New ones; an empty date is none, since arrays of ours hold no NULL.
insert into invoice
    (tenant_id, brand_id, invoice_id, customer_id, source, external_id, number, issue_date, due_date, currency, total,
    request, recorded_at)
select $1, $2, x.invoice_id, x.customer_id, 'api', x.external_id, x.number, nullif(x.issue_date, '')::date,
    nullif(x.due_date, '')::date, x.currency, x.total, x.request, $12
from unnest($3, $4, $5, $6, $7, $8, $9, $10, $11)
    as x (invoice_id, customer_id, external_id, number, issue_date, due_date, currency, total, request)
on conflict on constraint invoice_external_id_key do nothing
returning invoice_id;

-- name: import_payments(tenant uuid, externals text[])
--+ -> external_id text, customer_id uuid, currency text, amount bigint, value_date date, method text
-- Those already there.
select external_id, customer_id, currency, amount, value_date, method
from payment
where tenant_id = $1 and source = 'api' and external_id = any ($2);

-- name: import_payment_add(tenant uuid, brand uuid, payments uuid[], customers uuid[], externals text[],
--+ currencies text[], amounts bigint[], methods text[], value_dates date[], requests jsonb[], at timestamptz)
--+ -> payment_id uuid
-- New ones, received.
insert into payment
    (tenant_id, brand_id, payment_id, kind, customer_id, source, external_id, currency, amount, unallocated, automatic,
    status, method, value_date, request, recorded_at)
select $1, $2, x.payment_id, 'payment', x.customer_id, 'api', x.external_id, x.currency, x.amount, 0, false,
    'succeeded', x.method, x.value_date, x.request, $11
from unnest($3, $4, $5, $6, $7, $8, $9, $10)
    as x (payment_id, customer_id, external_id, currency, amount, method, value_date, request)
on conflict on constraint payment_external_id_key do nothing
returning payment_id;
