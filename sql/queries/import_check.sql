-- name: check_by_hash()
-- Until the end of the transaction tables are joined by hash: the checks look at all rows of a file, of which the planner
-- knows nothing, and one row at a time would take hours.
set local enable_nestloop = off;

-- name: check_resolve_in_file(tenant uuid, import uuid)
-- Payments and credit notes that say whose they are by their invoice alone: the file itself has it.
update import_row r
set customer = v.customer, customer_id = v.customer_id, slot = v.slot
from (
    select distinct on (i.invoice) i.invoice, i.customer, i.customer_id, i.slot
    from import_row i
    where i.tenant_id = $1 and i.import_id = $2 and i.invoice is not null
    order by i.invoice, i.seq
) v
where r.tenant_id = $1 and r.import_id = $2 and r.customer is null and r.payment_invoice = v.invoice;

-- name: check_resolve_stored(tenant uuid, import uuid, source text)
-- The same for invoices that are stored already.
update import_row r
set customer = c.external_id, customer_id = c.customer_id
from invoice v
join customer c on c.tenant_id = $1 and c.customer_id = v.customer_id
where r.tenant_id = $1 and r.import_id = $2 and r.customer is null and v.tenant_id = $1 and v.source = $3
    and v.external_id = r.payment_invoice;

-- name: check_nobody(tenant uuid, import uuid, limit integer)
--+ -> slot integer, seq integer, row_no integer, line integer
-- What still belongs to nobody.
select r.slot, r.seq, r.row_no, r.line
from import_row r
where r.tenant_id = $1 and r.import_id = $2 and r.customer is null and r.refused & 15 = 0
limit $3;

-- name: check_unknown_customers(tenant uuid, import uuid, limit integer)
--+ -> slot integer, seq integer, row_no integer, line integer
-- Payments and credit notes of customers that are neither stored nor in the file.
select r.slot, r.seq, r.row_no, r.line
from import_row r
where r.tenant_id = $1 and r.import_id = $2 and not r.makes_customer and r.customer is not null and r.refused & 1 = 0
    and not exists (select 1 from customer c where c.tenant_id = $1 and c.external_id = r.customer)
    and not exists (
        select 1 from import_row m
        where m.tenant_id = $1 and m.import_id = $2 and m.slot = r.slot and m.customer = r.customer
            and m.makes_customer and m.refused & 1 = 0)
limit $3;

-- name: check_customers_twice(tenant uuid, import uuid, limit integer)
--+ -> slot integer, seq integer, row_no integer, line integer, other integer
-- The same customer with other values: nobody can say which row is right.
select r.slot, r.seq, r.row_no, r.line, case when r.line = d.first then d.last else d.first end as other
from (
    select c.customer, min(c.line) as first, max(c.line) as last
    from import_row c
    where c.tenant_id = $1 and c.import_id = $2 and c.refused & 1 = 0
    group by c.customer
    having min(c.customer_name) <> max(c.customer_name) or min(c.customer_kind) <> max(c.customer_kind)
        or min(c.customer_locale) <> max(c.customer_locale) or min(c.customer_zone) <> max(c.customer_zone)
        or min(c.customer_traits::text) <> max(c.customer_traits::text)
) d
join import_row r on r.tenant_id = $1 and r.import_id = $2 and r.customer = d.customer and r.refused & 1 = 0
limit $3;

-- name: check_contacts_twice(tenant uuid, import uuid, limit integer)
--+ -> slot integer, seq integer, row_no integer, line integer, other integer
-- The same customer with another address or number.
select r.slot, r.seq, r.row_no, r.line, case when r.line = d.first then d.last else d.first end as other
from (
    select c.customer, min(c.line) as first, max(c.line) as last
    from import_row c
    where c.tenant_id = $1 and c.import_id = $2 and c.refused & 3 = 0
        and (c.contact_email is not null or c.contact_phone is not null)
    group by c.customer
    having min(c.contact_email) <> max(c.contact_email) or min(c.contact_name) <> max(c.contact_name)
        or min(c.contact_phone) <> max(c.contact_phone)
) d
join import_row r on r.tenant_id = $1 and r.import_id = $2 and r.customer = d.customer and r.refused & 3 = 0
    and (r.contact_email is not null or r.contact_phone is not null)
limit $3;

-- name: check_invoices_twice(tenant uuid, import uuid, limit integer)
--+ -> slot integer, seq integer, row_no integer, line integer, other integer
-- The same invoice with other values.
select r.slot, r.seq, r.row_no, r.line, case when r.line = d.first then d.last else d.first end as other
from (
    select n.invoice, min(n.line) as first, max(n.line) as last
    from (
        select i.invoice
        from import_row i
        where i.tenant_id = $1 and i.import_id = $2 and i.invoice is not null and i.refused & 5 = 0
        group by i.invoice
        having count(*) > 1
    ) t
    join import_row n on n.tenant_id = $1 and n.import_id = $2 and n.invoice = t.invoice and n.refused & 5 = 0
    group by n.invoice
    having count(distinct (
        n.customer, n.number, n.issue_date, n.due_date, n.currency, n.total, n.version, n.claimed_open, n.terms)) > 1
) d
join import_row r on r.tenant_id = $1 and r.import_id = $2 and r.invoice = d.invoice and r.refused & 5 = 0
limit $3;

-- name: check_payments_twice(tenant uuid, import uuid, limit integer)
--+ -> slot integer, seq integer, row_no integer, line integer, other integer
-- The same payment or credit note with other values.
select r.slot, r.seq, r.row_no, r.line, case when r.line = d.first then d.last else d.first end as other
from (
    select n.payment_kind, n.payment, min(n.line) as first, max(n.line) as last
    from (
        select i.payment_kind, i.payment
        from import_row i
        where i.tenant_id = $1 and i.import_id = $2 and i.payment is not null and i.refused & 9 = 0
        group by i.payment_kind, i.payment
        having count(*) > 1
    ) t
    join import_row n on n.tenant_id = $1 and n.import_id = $2 and n.payment_kind = t.payment_kind
        and n.payment = t.payment and n.refused & 9 = 0
    group by n.payment_kind, n.payment
    having count(distinct (
        n.customer, n.payment_invoice, n.value_date, n.paid, n.paid_currency, n.method, n.payment_version)) > 1
) d
join import_row r on r.tenant_id = $1 and r.import_id = $2 and r.payment_kind = d.payment_kind
    and r.payment = d.payment and r.refused & 9 = 0
limit $3;

-- name: check_stored_invoices(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, source text, brand uuid, limit integer)
--+ -> slot integer, seq integer, row_no integer, line integer, what text
-- Invoices that are stored as another customer's, at another brand, or in another currency.
select r.slot, r.seq, r.row_no, r.line,
    case when c.external_id <> r.customer then 'customer' when v.currency <> r.currency then 'currency' else 'brand' end
        as what
from import_row r
cross join lateral (
    select i.customer_id, i.currency, i.brand_id
    from invoice i
    where i.tenant_id = $1 and i.source = $7 and i.external_id = r.invoice
    limit 1
) v
cross join lateral (
    select k.external_id
    from customer k
    where k.tenant_id = $1 and k.customer_id = v.customer_id
    limit 1
) c
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.refused & 5 = 0 and (c.external_id <> r.customer or v.currency <> r.currency or v.brand_id <> $8)
limit $9;

-- name: check_stored_payments(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer,
--+ to_seq integer, source text, brand uuid, limit integer)
--+ -> slot integer, seq integer, row_no integer, line integer, what text
-- The same for payments and credit notes.
select r.slot, r.seq, r.row_no, r.line,
    case when c.external_id <> r.customer then 'customer' when p.currency <> r.paid_currency then 'currency'
        else 'brand' end as what
from import_row r
cross join lateral (
    select d.customer_id, d.currency, d.brand_id
    from payment d
    where d.tenant_id = $1 and d.source = $7 and d.kind = r.payment_kind and d.external_id = r.payment
    limit 1
) p
cross join lateral (
    select k.external_id
    from customer k
    where k.tenant_id = $1 and k.customer_id = p.customer_id
    limit 1
) c
where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
    and r.refused & 9 = 0 and (c.external_id <> r.customer or p.currency <> r.paid_currency or p.brand_id <> $8)
limit $9;

-- name: check_payment_targets(tenant uuid, import uuid, source text, limit integer)
--+ -> slot integer, seq integer, row_no integer, line integer, what text
-- Payments and credit notes for an invoice in the file or stored that is another customer's, or in another currency.
select r.slot, r.seq, r.row_no, r.line,
    case when t.customer <> r.customer then 'customer' else 'currency' end as what
from import_row r
join (
    select i.invoice, i.customer, i.currency
    from import_row i
    where i.tenant_id = $1 and i.import_id = $2 and i.invoice is not null and i.refused & 5 = 0
    union
    select v.external_id, c.external_id, v.currency
    from import_row p
    join invoice v on v.tenant_id = $1 and v.source = $3 and v.external_id = p.payment_invoice
    join customer c on c.tenant_id = $1 and c.customer_id = v.customer_id
    where p.tenant_id = $1 and p.import_id = $2 and p.invoice is null and p.payment_invoice is not null
) t on t.invoice = r.payment_invoice
where r.tenant_id = $1 and r.import_id = $2 and r.invoice is null and r.payment_invoice is not null
    and r.refused & 9 = 0 and (t.customer <> r.customer or t.currency <> r.paid_currency)
limit $4;

-- name: check_needs(tenant uuid, import uuid, source text)
--+ -> nobody bool, borrowed bool, loose bool, invoices bool, payments bool
-- Which of the checks have anything to look at: rows without a customer, rows that make none, payments without their
-- invoices beside them, and what is stored of the source.
select
    exists (select 1 from import_row r where r.tenant_id = $1 and r.import_id = $2 and r.customer is null) as nobody,
    exists (select 1 from import_row r where r.tenant_id = $1 and r.import_id = $2 and not r.makes_customer)
        as borrowed,
    exists (
        select 1 from import_row r
        where r.tenant_id = $1 and r.import_id = $2 and r.invoice is null and r.payment_invoice is not null) as loose,
    exists (select 1 from invoice v where v.tenant_id = $1 and v.source = $3) as invoices,
    exists (select 1 from payment p where p.tenant_id = $1 and p.source = $3) as payments;

-- name: check_refuse(tenant uuid, import uuid, slots integer[], seqs integer[], parts smallint[])
-- Parts of rows that are not taken in.
update import_row r
set refused = r.refused | x.parts
from unnest($3, $4, $5) as x (slot, seq, parts)
where r.tenant_id = $1 and r.import_id = $2 and r.slot = x.slot and r.seq = x.seq;

-- name: check_entering(tenant uuid, import uuid, today date, overdue_before date, brand uuid)
--+ -> customers bigint, oldest integer
-- How many customers without a case would enter by what is overdue and open in the file, and since when the oldest is.
select count(distinct g.customer) as customers, coalesce($3 - min(g.due_date), 0) as oldest
from (
    select r.customer, coalesce(r.invoice, r.payment_invoice) as key, max(r.total) as total, min(r.due_date) as due_date,
        coalesce(sum(r.paid), 0) as paid
    from import_row r
    where r.tenant_id = $1 and r.import_id = $2 and r.refused & 5 = 0
    group by r.customer, coalesce(r.invoice, r.payment_invoice)
    having coalesce(sum(r.paid), 0) < max(coalesce(r.claimed_open, r.total)) and min(r.due_date) < $4
) g
where not exists (
    select 1
    from customer c
    join enrolment e on e.tenant_id = $1 and e.customer_id = c.customer_id and e.brand_id = $5
        and e.status in ('pending', 'active', 'exhausted', 'handed_over')
    where c.tenant_id = $1 and c.external_id = g.customer);

-- name: check_totals(tenant uuid, import uuid, source text)
--+ -> customers_created bigint, invoices_created bigint, payments_created bigint, credit_notes_created bigint
-- What a dry run would bring.
select
    (
        select count(distinct r.customer)
        from import_row r
        where r.tenant_id = $1 and r.import_id = $2 and r.makes_customer and r.refused & 1 = 0
            and not exists (select 1 from customer c where c.tenant_id = $1 and c.external_id = r.customer)
    ) as customers_created,
    (
        select count(distinct r.invoice)
        from import_row r
        where r.tenant_id = $1 and r.import_id = $2 and r.refused & 5 = 0
            and not exists (
                select 1 from invoice v where v.tenant_id = $1 and v.source = $3 and v.external_id = r.invoice)
    ) as invoices_created,
    d.payments_created, d.credit_notes_created
from (
    select count(distinct r.payment) filter (where r.payment_kind = 'payment') as payments_created,
        count(distinct r.payment) filter (where r.payment_kind = 'credit_note') as credit_notes_created
    from import_row r
    where r.tenant_id = $1 and r.import_id = $2 and r.refused & 9 = 0
        and not exists (
            select 1 from payment p
            where p.tenant_id = $1 and p.source = $3 and p.kind = r.payment_kind and p.external_id = r.payment)
) d;
