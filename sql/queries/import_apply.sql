-- name: import_row_copy()
-- Rows of a file on their way in.
copy import_row (
    tenant_id, import_id, slot, seq, row_no, line, refused, customer, customer_id, makes_customer, customer_name, customer_kind,
    customer_locale, customer_zone, customer_traits, contact_name, contact_email, contact_key, contact_phone, invoice, invoice_id, number, issue_date,
    due_date, currency, total, version, claimed_open, terms, payment, payment_id, payment_kind, payment_invoice,
    value_date, paid, paid_currency, method, payment_version) from stdin;

-- name: import_row_count(tenant uuid, import uuid) -> rows bigint
-- What is staged: less than there was when the server crashed in between.
select count(*) as rows
from import_row
where tenant_id = $1 and import_id = $2;

-- name: import_row_drop(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer)
-- Some of the rows of an import that ended, or is read anew.
delete from import_row r
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6);

-- name: chunk_end(tenant uuid, import uuid, from_slot integer, from_seq integer, size integer)
--+ -> slot integer, seq integer, rows bigint
-- Where the chunk behind a place ends: at most so many rows, customers whole; one with more rows than that is cut.
select c.slot, c.seq, c.rows
from (
    select n.slot, n.seq, row_number() over (order by n.slot, n.seq) as rows, max(n.slot) over () as last,
        count(*) over () as total
    from (
        select r.slot, r.seq
        from import_row r
        where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4)
        order by r.slot, r.seq
        limit $5 + 1
    ) n
) c
where c.rows <= $5
order by c.slot < c.last or c.total <= $5 desc, c.rows desc
limit 1;

-- name: chunk_replan()
-- The session's plans for checking foreign keys are made again. A first import meets empty tables; a plan made then looks at
-- all rows there are, is kept, and is slower with each row that comes.
discard plans;

-- name: chunk_customers_add(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, at timestamptz)
--+ -> customer_id uuid
-- New ones, in the order of their names, so that two imports never wait for each other in a circle.
insert into customer (
    tenant_id, customer_id, external_id, name, kind, zone, locale, country, owner, exclusion, risk_band, collection_method,
    request, created_at, updated_at)
select distinct on (r.customer) $1, r.customer_id, r.customer, coalesce(r.customer_name, r.customer),
    coalesce(r.customer_kind, 'business'), r.customer_zone, r.customer_locale, r.customer_traits ->> 'country',
    r.customer_traits ->> 'owner', r.customer_traits ->> 'exclusion', r.customer_traits ->> 'risk_band',
    r.customer_traits ->> 'collection_method', '{}', $7, $7
from import_row r
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.makes_customer and r.refused & 1 = 0
order by r.customer, r.customer_name is null, r.customer_traits is null, r.seq
on conflict on constraint customer_external_id_key do nothing
returning customer_id;

-- name: chunk_customers(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer)
--+ -> customer_id uuid, is_same bool
-- Everybody the chunk is about; is_same: the stored customer has the id that the file gave it.
select c.customer_id, c.customer_id = x.customer_id as is_same
from (
    select distinct r.customer, r.customer_id
    from import_row r
    where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
        and r.refused & 1 = 0
) x
cross join lateral (
    select s.customer_id
    from customer s
    where s.tenant_id = $1 and s.external_id = x.customer
    limit 1
) c;

-- name: chunk_customers_match(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer)
-- The rows of customers that were there before get their ids. Looked up row by row: nothing is known of how many rows the
-- staging table has, and any other order of joining may be the wrong one.
update import_row r
set customer_id = coalesce(
    (select c.customer_id from customer c where c.tenant_id = $1 and c.external_id = r.customer), r.customer_id)
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6);

-- name: chunk_customers_change(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, customers uuid[], at timestamptz)
--+ -> customer_id uuid
-- What the file says of customers that were there before, where it says something else.
update customer c
set name = coalesce(x.name, c.name), kind = coalesce(x.kind, c.kind), zone = coalesce(x.zone, c.zone),
    locale = coalesce(x.locale, c.locale), country = coalesce(x.traits ->> 'country', c.country),
    owner = coalesce(x.traits ->> 'owner', c.owner), exclusion = coalesce(x.traits ->> 'exclusion', c.exclusion),
    risk_band = coalesce(x.traits ->> 'risk_band', c.risk_band),
    collection_method = coalesce(x.traits ->> 'collection_method', c.collection_method), updated_at = $8
from (
    select r.customer_id, max(r.customer_name) as name, max(r.customer_kind) as kind, max(r.customer_zone) as zone,
        max(r.customer_locale) as locale, max(r.customer_traits::text)::jsonb as traits
    from import_row r
    where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
        and r.refused & 1 = 0 and r.customer_id = any ($7)
    group by r.customer_id
) x
where c.tenant_id = $1 and c.customer_id = x.customer_id
    and (
        c.name <> coalesce(x.name, c.name) or c.kind <> coalesce(x.kind, c.kind)
        or c.zone is distinct from coalesce(x.zone, c.zone) or c.locale is distinct from coalesce(x.locale, c.locale)
        or (c.country, c.owner, c.exclusion, c.risk_band, c.collection_method) is distinct from (
            coalesce(x.traits ->> 'country', c.country), coalesce(x.traits ->> 'owner', c.owner),
            coalesce(x.traits ->> 'exclusion', c.exclusion), coalesce(x.traits ->> 'risk_band', c.risk_band),
            coalesce(x.traits ->> 'collection_method', c.collection_method)))
returning c.customer_id;

-- name: chunk_segments(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer)
--+ -> customer_id uuid, segment text
-- Whom the file puts into a list.
select distinct r.customer_id, r.customer_traits ->> 'segment' as segment
from import_row r
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.refused & 1 = 0 and r.customer_id is not null and r.customer_traits ->> 'segment' is not null;

-- name: chunk_contacts_add(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, at timestamptz)
--+ -> customer_id uuid
-- The first contact of customers that have none. It has the customer's id, by which a later file finds it.
insert into contact (
    tenant_id, contact_id, customer_id, role, name, email, email_key, phone, file_email, file_phone, created_at, updated_at)
select distinct on (r.customer_id) $1, r.customer_id, r.customer_id, 'billing',
    coalesce(r.contact_name, r.customer_name, r.customer), r.contact_email, r.contact_key, r.contact_phone,
    r.contact_email, r.contact_phone, $7, $7
from import_row r
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and (r.contact_email is not null or r.contact_phone is not null) and r.refused & 3 = 0
    and (select true from contact k where k.tenant_id = $1 and k.customer_id = r.customer_id limit 1) is null
order by r.customer_id, r.seq
on conflict on constraint contact_pk do nothing
returning customer_id;

-- name: chunk_contacts_change(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, customers uuid[], at timestamptz)
--+ -> customer_id uuid
-- Contacts that a file made and of which this one says another address or number than the last did. Like any new address it
-- is free of what was held against the old one.
update contact k
set email = coalesce(x.email, k.email), phone = coalesce(x.phone, k.phone), name = coalesce(x.name, k.name),
    email_key = coalesce(x.email_key, k.email_key), file_email = coalesce(x.email, k.file_email),
    file_phone = coalesce(x.phone, k.file_phone),
    suppressed_reason = case when x.email_key is null or x.email_key = k.email_key then k.suppressed_reason end,
    updated_at = $8
from (
    select o.contact_id, n.name, case when n.email is distinct from o.file_email then n.email end as email,
        case when n.email is distinct from o.file_email then n.email_key end as email_key,
        case when n.phone is distinct from o.file_phone then n.phone end as phone
    from (
        select r.customer_id, max(r.contact_name) as name, max(r.contact_email) as email,
            max(r.contact_key) as email_key, max(r.contact_phone) as phone
        from import_row r
        where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
            and r.refused & 3 = 0 and r.customer_id = any ($7)
            and (r.contact_email is not null or r.contact_phone is not null)
        group by r.customer_id
    ) n
    join contact o on o.tenant_id = $1 and o.contact_id = n.customer_id and o.customer_id = n.customer_id
) x
where k.tenant_id = $1 and k.contact_id = x.contact_id and (x.email is not null or x.phone is not null)
returning k.customer_id;

-- name: chunk_route_invoices(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, source text)
-- Marks rows whose invoices are stored.
update import_row r
set route = r.route | 1
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.refused & 4 = 0 and (
        select true from invoice v where v.tenant_id = $1 and v.source = $7 and v.external_id = r.invoice);

-- name: chunk_route_payments(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, source text)
-- Marks rows whose payments or credit notes are stored.
update import_row r
set route = r.route | 2
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.refused & 8 = 0 and (
        select true from payment p
        where p.tenant_id = $1 and p.source = $7 and p.kind = r.payment_kind and p.external_id = r.payment);

-- name: chunk_news(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer,
--+ today date)
--+ -> customer_id uuid, needs_rule bool, invoices bigint, payments bigint, credit_notes bigint
-- Customers with something new, how much, and whether the standing rule has to look at it: anything but new invoices with
-- payments made for them, after they were issued, of no more than their totals.
select g.customer_id, coalesce(bool_or(g.needs_rule), false) as needs_rule, sum(g.invoices)::bigint as invoices,
    sum(g.payments)::bigint as payments, sum(g.credit_notes)::bigint as credit_notes
from (
    select n.customer_id, count(distinct n.invoice) as invoices,
        count(distinct n.payment) filter (where n.payment_kind = 'payment') as payments,
        count(distinct n.payment) filter (where n.payment_kind = 'credit_note') as credit_notes,
        coalesce(sum(n.paid), 0) > coalesce(max(n.total), 0)
            or min(n.value_date) < max(n.issued)
            or count(n.payment) > count(distinct n.payment)
            or bool_or(
                coalesce(n.payment_kind <> 'payment', false) or coalesce(n.claimed_open < n.total, false)
                or (n.payment is not null and n.key is null) or n.paid_currency <> n.currency) as needs_rule
    from (
        select r.customer_id, coalesce(r.invoice, r.payment_invoice) as key,
            case when r.refused & 4 = 0 and r.route & 1 = 0 then r.invoice end as invoice,
            case when r.refused & 4 = 0 and r.route & 1 = 0 then r.total end as total,
            case when r.refused & 4 = 0 and r.route & 1 = 0 and r.invoice is not null
                then coalesce(r.issue_date, $7) end as issued,
            case when r.refused & 4 = 0 and r.route & 1 = 0 then r.claimed_open end as claimed_open, r.currency,
            case when r.refused & 8 = 0 and r.route & 2 = 0 then r.payment end as payment,
            case when r.refused & 8 = 0 and r.route & 2 = 0 then r.payment_kind end as payment_kind,
            case when r.refused & 8 = 0 and r.route & 2 = 0 then r.paid end as paid,
            case when r.refused & 8 = 0 and r.route & 2 = 0 then r.value_date end as value_date,
            case when r.refused & 8 = 0 and r.route & 2 = 0 then r.paid_currency end as paid_currency
        from import_row r
        where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
            and r.refused & 1 = 0
    ) n
    where n.invoice is not null or n.payment is not null
    group by n.customer_id, n.key
) g
group by g.customer_id;

-- name: chunk_awaited(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer,
--+ source text, customers uuid[])
--+ -> customer_id uuid
-- Customers with new invoices that money waits for.
select distinct r.customer_id
from import_row r
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.refused & 4 = 0 and r.route & 1 = 0 and r.customer_id = any ($8) and (
        select true from allocation a
        where a.tenant_id = $1 and a.source = $7 and a.invoice_external_id = r.invoice
        limit 1);

-- name: chunk_payers(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer,
--+ customers uuid[])
--+ -> customer_id uuid, currency text
-- Those of these customers with new payments, by currency.
select distinct r.customer_id, r.paid_currency as currency
from import_row r
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.refused & 9 = 0 and r.route & 2 = 0 and r.payment is not null and r.payment_kind = 'payment'
    and r.customer_id = any ($7);

-- name: chunk_route_customers(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, customers uuid[])
-- Marks all rows of customers whose accounts the standing rule has to look at.
update import_row r
set route = r.route | 4
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.customer_id = any ($7);

-- name: chunk_invoices_add(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, brand uuid, source text, at timestamptz)
-- New invoices; settled where the payments of the chunk cover them. Of others the standing rule says so later.
insert into invoice (
    tenant_id, invoice_id, customer_id, brand_id, source, external_id, version, number, issue_date, due_date, currency,
    total, claimed_open, settled_at, recorded_at)
select distinct on (n.invoice) $1, n.invoice_id, n.customer_id, $7, $8, n.invoice, n.version,
    coalesce(n.number, n.invoice), n.issue_date, n.due_date, n.currency, n.total, n.claimed_open,
    case when n.total = 0 or (n.route & 4 = 0 and n.covered >= n.total) then $9 end, $9
from (
    select r.invoice, r.invoice_id, r.customer_id, r.version, r.number, r.issue_date, r.due_date, r.currency, r.total,
        r.claimed_open, r.route, r.refused, r.seq,
        sum(case when r.refused & 8 = 0 then r.paid end)
            over (partition by r.customer_id, coalesce(r.invoice, r.payment_invoice)) as covered
    from import_row r
    where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
        and r.refused & 1 = 0
) n
where n.invoice is not null and n.refused & 4 = 0 and n.route & 1 = 0
order by n.invoice, n.seq
on conflict on constraint invoice_external_id_key do nothing;

-- name: chunk_terms_add(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer)
-- Instalments of new invoices.
insert into invoice_term (tenant_id, invoice_id, from_day, number, due_date, amount)
select distinct $1, n.invoice_id, '-infinity'::date, t.number, (t.value ->> 'due_date')::date,
    (t.value ->> 'amount')::bigint
from (
    select distinct on (r.invoice) r.invoice_id, r.terms
    from import_row r
    where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
        and r.refused & 5 = 0 and r.route & 1 = 0 and r.terms is not null
    order by r.invoice, r.seq
) n
cross join lateral jsonb_array_elements(n.terms) with ordinality as t (value, number)
on conflict on constraint invoice_term_pk do nothing;

-- name: chunk_payments_add(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, brand uuid, source text, at timestamptz)
-- New payments and credit notes.
insert into payment (
    tenant_id, payment_id, kind, customer_id, brand_id, source, external_id, version, currency, amount, unallocated,
    automatic, status, method, value_date, recorded_at)
select distinct on (r.payment_kind, r.payment) $1, r.payment_id, r.payment_kind, r.customer_id, $7, $8, r.payment,
    r.payment_version, r.paid_currency, r.paid, 0, r.payment_invoice is null, 'succeeded', r.method, r.value_date, $9
from import_row r
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.payment is not null and r.refused & 9 = 0 and r.route & 2 = 0
order by r.payment_kind, r.payment, r.seq
on conflict on constraint payment_external_id_key do nothing;

-- name: chunk_allocations_add(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, source text)
-- What the file says its payments are for; the invoice may be unknown yet.
insert into allocation (tenant_id, payment_id, source, invoice_external_id, amount)
select distinct on (r.payment_kind, r.payment) $1, r.payment_id, $7, r.payment_invoice, r.paid
from import_row r
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.payment_invoice is not null and r.payment is not null and r.refused & 9 = 0 and r.route & 2 = 0
order by r.payment_kind, r.payment, r.seq
on conflict on constraint allocation_pk do nothing;

-- name: chunk_invoices_book(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, brand uuid, today date, at timestamptz)
-- The first entry of each new invoice; it has the invoice's own id.
insert into ledger_entry (
    tenant_id, ledger_entry_id, kind, customer_id, brand_id, invoice_id, currency, amount, value_date, recorded_at)
select distinct on (r.invoice) $1, r.invoice_id, 'invoice', r.customer_id, $7, r.invoice_id, r.currency, r.total,
    coalesce(r.issue_date, $8), $9
from import_row r
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.invoice is not null and r.refused & 5 = 0 and r.route & 1 = 0 and r.total > 0
order by r.invoice, r.seq
on conflict on constraint ledger_entry_pk do nothing;

-- name: chunk_payments_book(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, brand uuid, at timestamptz)
-- The entry of each new payment on its new invoice; it has the payment's own id. Only where the standing rule would say
-- the same (chunk_news).
insert into ledger_entry (
    tenant_id, ledger_entry_id, kind, customer_id, brand_id, invoice_id, payment_id, currency, amount, value_date,
    recorded_at)
select distinct on (n.payment) $1, n.payment_id, 'payment', n.customer_id, $7, n.invoice_id, n.payment_id,
    n.paid_currency, -n.paid, n.value_date, $8
from (
    select r.payment, r.payment_id, r.customer_id, r.paid_currency, r.paid, r.value_date, r.seq, r.refused, r.route,
        first_value(r.invoice_id) over (
            partition by r.customer_id, coalesce(r.invoice, r.payment_invoice) order by r.invoice is null, r.seq
        ) as invoice_id
    from import_row r
    where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
        and r.refused & 1 = 0
) n
where n.payment is not null and n.refused & 8 = 0 and n.route & 6 = 0
order by n.payment, n.seq
on conflict on constraint ledger_entry_pk do nothing;

-- name: chunk_numbers(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer,
--+ batch uuid, brand uuid, today date)
-- What new invoices with one due date, and the payments made for them, contribute to the rollups: the short way of
-- receivable_contribution, straight from the file's rows. Such an invoice is never paid beyond its total, nor before its
-- issue (chunk_news), so each movement is late on the first day it can be.
with bound as materialized (
    select b.edge + 1 as days, b.ordinal
    from unnest(array_prepend(0::smallint, receivable_edges($1))) with ordinality b (edge, ordinal)
),
account as materialized (
    select a.currency, a.due_date, a.total, a.is_invoice, a.is_payment, a.value_date, a.paid,
        coalesce(a.issue_date, $9) as issue_date
    from import_accounts($1, $2, $3, $4, $5, $6) a
),
movement as materialized (
    select a.currency, a.due_date, a.issue_date as day, a.total as amount, a.total as invoiced, 0::bigint as paid
    from account a
    where a.is_invoice
    union all
    select a.currency, a.due_date, a.value_date, -a.paid, 0, a.paid
    from account a
    where a.is_payment
),
change as (
    select c.day, c.currency, sum(c.invoiced) as invoiced, sum(c.paid) as paid, sum(c.open) as open,
        coalesce(sum(c.late) filter (where c.ordinal = 1), 0) as late_0,
        coalesce(sum(c.late) filter (where c.ordinal = 2), 0) as late_1,
        coalesce(sum(c.late) filter (where c.ordinal = 3), 0) as late_2,
        coalesce(sum(c.late) filter (where c.ordinal = 4), 0) as late_3
    from (
        select m.day, m.currency, m.invoiced, m.paid, m.amount as open, 0::bigint as ordinal, 0::bigint as late
        from movement m
        union all
        select greatest(m.day, m.due_date + b.days), m.currency, 0, 0, 0, b.ordinal, m.amount
        from movement m
        cross join bound b
        where m.due_date is not null
    ) c
    group by c.day, c.currency
)
insert into receivable_delta (
    tenant_id, batch_id, line, day, brand_id, currency, invoiced, credited, paid, settled, written_off, refunded, open,
    late_0, late_1, late_2, late_3, disputed, unapplied)
select $1, $7, row_number() over (order by c.day, c.currency), c.day, $8, c.currency, c.invoiced, 0, c.paid, 0, 0, 0,
    c.open, c.late_0, c.late_1, c.late_2, c.late_3, 0, 0
from change c
on conflict on constraint receivable_delta_pk do nothing;

-- name: chunk_numbers_terms(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer,
--+ batch uuid, brand uuid)
-- Days beyond terms of the same invoices, where the file's payments cover them whole.
insert into receivable_terms_delta (
    tenant_id, batch_id, line, settled_on, until_day, brand_id, currency, invoices, days, cash, cash_days)
select $1, $7, row_number() over (order by s.day, s.currency), s.day, 'infinity', $8, s.currency, count(*),
    sum(s.day - s.due_date), sum(s.total), sum(s.total * (s.day - s.due_date))
from (
    select a.currency, a.total, a.due_date, max(a.value_date) as day
    from import_accounts($1, $2, $3, $4, $5, $6) a
    where a.is_payment and a.due_date is not null
    group by a.invoice, a.currency, a.total, a.due_date
    having sum(a.paid) = a.total
) s
group by s.day, s.currency
on conflict on constraint receivable_terms_delta_pk do nothing;

-- name: chunk_numbers_ruled(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer,
--+ batch uuid)
--+ -> lines integer
-- The same of the other new invoices, with what stands on them so far; the standing rule adds what it books.
select receivable_note($1, $7, n.invoices, null, false, true, n.invoices, null) as lines
from (
    select coalesce(array_agg(distinct r.invoice_id), '{}') as invoices
    from import_row r
    where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
        and r.invoice is not null and r.refused & 5 = 0 and r.route & 1 = 0
        and (r.route & 4 = 4 or r.terms is not null)
) n
where n.invoices <> '{}';

-- name: chunk_fresh(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer,
--+ source text)
--+ -> customer_id uuid, payment_id uuid?, invoice_id uuid?, is_known bool
-- What the standing rule has to look at: new documents, the invoices they were made for, and new invoices.
select distinct r.customer_id, case when r.route & 2 = 0 and r.refused & 8 = 0 then r.payment_id end as payment_id,
    v.invoice_id, r.route & 1 = 1 or r.invoice is null as is_known
from import_row r
left join lateral (
    select i.invoice_id
    from invoice i
    where i.tenant_id = $1 and i.source = $7 and i.external_id = coalesce(r.invoice, r.payment_invoice)
        and i.customer_id = r.customer_id
    limit 1
) v on true
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.refused & 1 = 0 and r.route & 4 = 4
    and (
        (r.payment is not null and r.route & 2 = 0 and r.refused & 8 = 0)
        or (r.invoice is not null and r.route & 1 = 0 and r.refused & 4 = 0));

-- name: chunk_unchanged(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer,
--+ created uuid[])
--+ -> rows bigint
-- Rows that brought nothing: no new customer, invoice or document, and nothing that changed or was older.
select count(*) as rows
from (
    select r.row_no
    from import_row r
    where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    group by r.row_no
    having bool_and(
        r.refused = 0 and (r.invoice is null or r.route & 1 = 1) and (r.payment is null or r.route & 2 = 2)
        and r.route & 8 = 0 and not r.customer_id = any ($7))
) n;
