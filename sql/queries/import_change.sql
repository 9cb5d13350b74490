-- name: change_invoices(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer,
--+ source text)
--+ -> slot integer, seq integer, is_older bool, invoice_id uuid, customer_id uuid, currency text, number text,
--+ issue_date date?, due_date date?, total bigint, version bigint, claimed_open bigint?, terms jsonb?, had bigint,
--+ says_terms bool, was_absent bool, is_paid bool
-- Stored invoices of which the file says something else, newer or older; what it does not say is what is stored.
-- A newer version wins, and without versions whoever comes later.
select x.slot, x.seq, x.version < x.had_version as is_older, x.invoice_id, x.customer_id, x.currency, x.number,
    x.issue_date, x.due_date, x.total, greatest(x.version, x.had_version) as version, x.claimed_open, x.terms, x.had,
    x.other_terms or x.due_date is distinct from x.had_due_date or (x.total <> x.had and x.has_terms) as says_terms,
    x.was_absent, not x.was_absent and coalesce(x.claimed_open < coalesce(x.had_claimed, x.had), false) as is_paid
from (
    select distinct on (r.invoice) r.slot, r.seq, v.invoice_id, v.customer_id, v.currency,
        coalesce(r.number, v.number) as number, coalesce(r.issue_date, v.issue_date) as issue_date,
        coalesce(r.due_date, v.due_date) as due_date, r.total, r.terms, v.total as had,
        case when v.is_absent then coalesce(r.claimed_open, r.total) else coalesce(r.claimed_open, v.claimed_open) end
            as claimed_open,
        v.claimed_open as had_claimed, v.due_date as had_due_date, v.version as had_version,
        case when r.version = 0 then v.version else r.version end as version,
        v.is_absent as was_absent, coalesce(h.terms <> '[]', false) as has_terms,
        coalesce(r.terms <> h.terms, false) as other_terms,
        v.is_absent or (r.version = 0 or r.version > v.version) and (
            (v.number, v.total) is distinct from (coalesce(r.number, v.number), r.total)
            or v.issue_date is distinct from coalesce(r.issue_date, v.issue_date)
            or v.due_date is distinct from coalesce(r.due_date, v.due_date)
            or v.claimed_open is distinct from coalesce(r.claimed_open, v.claimed_open) or r.version > v.version
            or coalesce(r.terms <> h.terms, false)) as is_other
    from import_row r
    cross join lateral (
        select i.invoice_id, i.customer_id, i.currency, i.number, i.issue_date, i.due_date, i.total, i.version,
            i.claimed_open, i.is_absent
        from invoice i
        where i.tenant_id = $1 and i.source = $7 and i.external_id = r.invoice
        limit 1
    ) v
    cross join lateral (
        select coalesce(
            jsonb_agg(jsonb_build_object('due_date', t.due_date::text, 'amount', t.amount) order by t.number), '[]'
        ) as terms
        from invoice_term t
        where t.tenant_id = $1 and t.invoice_id = v.invoice_id and t.until_day = 'infinity'
    ) h
    where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
        and r.refused & 5 = 0 and r.route & 1 = 1
    order by r.invoice, r.seq
) x
where x.is_other or x.version < x.had_version;

-- name: change_invoices_write(tenant uuid, invoices uuid[], numbers text[], issue_dates text[], due_dates text[],
--+ totals bigint[], versions bigint[], claims text[])
-- The invoices as the source has them now; an empty text is none. Whatever is named here is there again.
update invoice v
set number = x.number, issue_date = nullif(x.issue_date, '')::date, due_date = nullif(x.due_date, '')::date,
    total = x.total, version = x.version, claimed_open = nullif(x.claim, '')::bigint, is_absent = false
from unnest($2, $3, $4, $5, $6, $7, $8) as x (invoice_id, number, issue_date, due_date, total, version, claim)
where v.tenant_id = $1 and v.invoice_id = x.invoice_id;

-- name: change_terms_add(tenant uuid, invoices uuid[], terms text[], dues text[], totals bigint[], today date)
-- What is asked for from today on: instalments, or all of it on one day.
insert into invoice_term (tenant_id, invoice_id, from_day, number, due_date, amount)
select $1, x.invoice_id, $6, t.number, (t.value ->> 'due_date')::date, (t.value ->> 'amount')::bigint
from unnest($2, $3, $4, $5) as x (invoice_id, terms, due_date, total)
cross join lateral jsonb_array_elements(
    case when x.terms = ''
        then jsonb_build_array(jsonb_build_object('due_date', nullif(x.due_date, ''), 'amount', x.total))
        else x.terms::jsonb
    end) with ordinality as t (value, number)
on conflict on constraint invoice_term_pk do nothing;

-- name: change_payments(tenant uuid, import uuid, from_slot integer, from_seq integer, to_slot integer, to_seq integer,
--+ source text)
--+ -> slot integer, seq integer, is_older bool, payment_id uuid, kind text, customer_id uuid, currency text, paid bigint,
--+ value_date date, method text, version bigint, payment_invoice text?, is_money bool
-- Stored payments and credit notes of which the file says something else; is_money: something the ledger depends on.
select x.slot, x.seq, x.version < x.had_version as is_older, x.payment_id, x.kind, x.customer_id, x.currency, x.paid,
    x.value_date, x.method, greatest(x.version, x.had_version) as version, x.payment_invoice, x.is_money
from (
    select distinct on (r.payment_kind, r.payment) r.slot, r.seq, p.payment_id, p.kind, p.customer_id, p.currency,
        r.paid, r.value_date, r.method, r.payment_invoice, p.version as had_version,
        case when r.payment_version = 0 then p.version else r.payment_version end as version,
        (p.amount, p.value_date) <> (r.paid, r.value_date) or p.automatic <> (r.payment_invoice is null)
            or (r.payment_invoice is not null and not exists (
                select 1 from allocation a
                where a.tenant_id = $1 and a.payment_id = p.payment_id and a.source = $7
                    and a.invoice_external_id = r.payment_invoice and a.amount = r.paid)) as is_money,
        p.method <> r.method or r.payment_version > p.version as is_other
    from import_row r
    cross join lateral (
        select d.payment_id, d.kind, d.customer_id, d.currency, d.amount, d.value_date, d.method, d.version, d.automatic,
            d.status
        from payment d
        where d.tenant_id = $1 and d.source = $7 and d.kind = r.payment_kind and d.external_id = r.payment
        limit 1
    ) p
    where r.tenant_id = $1 and r.import_id = $2 and (r.slot, r.seq) > ($3, $4) and (r.slot, r.seq) <= ($5, $6)
        and r.refused & 9 = 0 and r.route & 2 = 2 and p.status <> 'failed'
    order by r.payment_kind, r.payment, r.seq
) x
where x.version < x.had_version
    or ((x.version > x.had_version or x.version = 0) and (x.is_money or x.is_other));

-- name: change_payments_write(tenant uuid, payments uuid[], amounts bigint[], value_dates date[], methods text[],
--+ versions bigint[], automatics bool[])
-- The payments as the source has them now. What of them is credit is written when they are booked.
update payment p
set amount = x.amount, unallocated = least(p.unallocated, x.amount), value_date = x.value_date, method = x.method,
    version = x.version, automatic = x.automatic
from unnest($2, $3, $4, $5, $6, $7) as x (payment_id, amount, value_date, method, version, automatic)
where p.tenant_id = $1 and p.payment_id = x.payment_id;

-- name: change_allocations_clear(tenant uuid, payments uuid[])
-- What the source said before.
delete from allocation a
where a.tenant_id = $1 and a.payment_id = any ($2);

-- name: change_booked(tenant uuid, payments uuid[])
--+ -> payment_id uuid, invoice_id uuid?, customer_id uuid, brand_id uuid, currency text, amount bigint, value_date date
-- Where the money of these payments stands, by account.
select e.payment_id, e.invoice_id, e.customer_id, e.brand_id, e.currency, sum(e.amount)::bigint as amount,
    max(e.value_date) as value_date
from ledger_entry e
where e.tenant_id = $1 and e.payment_id = any ($2)
group by e.payment_id, e.invoice_id, e.customer_id, e.brand_id, e.currency
having sum(e.amount) <> 0;

-- name: change_route(tenant uuid, import uuid, slots integer[], seqs integer[])
-- Rows that changed something, or were older than what is stored.
update import_row r
set route = r.route | 8
from unnest($3, $4) as x (slot, seq)
where r.tenant_id = $1 and r.import_id = $2 and r.slot = x.slot and r.seq = x.seq;

-- name: snapshot_counts(tenant uuid, import uuid, source text, brand uuid) -> open_items bigint, closing bigint
-- Open invoices of the source at the brand, and how many of them the list lacks.
select count(*) as open_items,
    count(*) filter (where not exists (
        select 1 from import_row r
        where r.tenant_id = $1 and r.import_id = $2 and r.invoice = v.external_id)) as closing
from invoice v
where v.tenant_id = $1 and v.source = $3 and v.brand_id = $4 and v.settled_at is null;

-- name: snapshot_absent(tenant uuid, import uuid, source text, brand uuid, limit integer)
--+ -> invoice_id uuid, customer_id uuid
-- Open invoices that the list of all open items lacks.
select v.invoice_id, v.customer_id
from invoice v
where v.tenant_id = $1 and v.source = $3 and v.brand_id = $4 and v.settled_at is null and not v.is_absent
    and not exists (
        select 1 from import_row r
        where r.tenant_id = $1 and r.import_id = $2 and r.invoice = v.external_id)
order by v.customer_id, v.invoice_id
limit $5;

-- name: snapshot_close(tenant uuid, invoices uuid[])
-- The source does not list them as open any more.
update invoice v
set is_absent = true
where v.tenant_id = $1 and v.invoice_id = any ($2) and v.settled_at is null;
