-- name: account_lock(tenant uuid, customers uuid[]) -> customer_id uuid
-- One transaction at a time books a customer's money: else an invoice and a payment could miss each other. Who was merged into
-- another, maybe while we waited, has no account any more.
select c.customer_id
from customer c
where c.tenant_id = $1 and c.customer_id = any ($2) and c.merged_into is null
order by c.customer_id
for no key update;

-- name: account_wide(tenant uuid, customers uuid[]) -> customer_id uuid
-- Accounts in which one movement may shift others: money that names no invoice goes to the oldest debt, money under way
-- comes after what was received, and what is left of a document that was undone or given back in part is spread anew.
select distinct p.customer_id
from payment p
where p.tenant_id = $1 and p.customer_id = any ($2) and p.status in ('succeeded', 'pending')
    and (
        p.automatic
        or p.status = 'pending'
        or exists (
            select 1 from ledger_entry e
            where e.tenant_id = $1 and e.payment_id = p.payment_id and e.kind in ('reversal', 'refund')));

-- name: account_debts(tenant uuid, customers uuid[], invoices uuid[], among uuid[])
--+ -> invoice_id uuid, customer_id uuid, brand_id uuid, currency text, external_id text, due_date date?,
--+ issued_on date, amount bigint, written_off bigint, written_off_on date?, recovered bigint,
--+ claimed_open bigint?, settled bigint
-- What documents have to cover: all that stands on the invoices' accounts but what documents brought, and but what was
-- settled because the source says so. All invoices of some customers, and single ones of others among the locked.
select v.invoice_id, v.customer_id, v.brand_id, v.currency, v.external_id, v.due_date,
    min(e.value_date) filter (where e.kind = 'invoice') as issued_on,
    coalesce(
        sum(e.amount) filter (where e.payment_id is null and e.kind not in ('settlement', 'reversal')), 0
    )::bigint as amount,
    coalesce(-sum(e.amount) filter (where e.kind = 'write_off'), 0)::bigint as written_off,
    max(e.value_date) filter (where e.kind = 'write_off') as written_off_on,
    coalesce(sum(e.amount) filter (where e.kind = 'recovery'), 0)::bigint as recovered,
    case when v.is_absent then 0 else v.claimed_open end as claimed_open,
    coalesce(
        -sum(e.amount) filter (where e.payment_id is null and e.kind in ('settlement', 'reversal')), 0
    )::bigint as settled
from invoice v
join ledger_entry e on e.tenant_id = $1 and e.invoice_id = v.invoice_id
where v.tenant_id = $1 and (v.customer_id = any ($2) or v.invoice_id = any ($3) and v.customer_id = any ($4))
group by v.tenant_id, v.invoice_id;

-- name: account_documents(tenant uuid, customers uuid[], invoices uuid[], fresh uuid[], among uuid[])
--+ -> payment_id uuid, kind text, customer_id uuid, brand_id uuid, currency text, value_date date, automatic bool,
--+ pending bool, amount bigint, booked bigint, expires_at timestamptz
-- Payments and credit notes of the same customers, those that name or cover the same single invoices, and fresh ones, which
-- may name none that is known; booked is what of them stands in the ledger, less what was undone or given back. Money under
-- way expires: after 5 days for a card, 10 for others.
select p.payment_id, p.kind, p.customer_id, p.brand_id, p.currency, p.value_date, p.automatic,
    p.status = 'pending' as pending, p.amount, coalesce(-sum(e.amount), 0)::bigint as booked,
    p.recorded_at + case when p.method = 'card' then '5 days'::interval else '10 days'::interval end as expires_at
from payment p
left join ledger_entry e on e.tenant_id = $1 and e.payment_id = p.payment_id
where p.tenant_id = $1 and p.status <> 'failed' and p.customer_id = any ($5)
    and (
        p.customer_id = any ($2)
        or p.payment_id = any ($4)
        or p.payment_id in (
            select l.payment_id from ledger_entry l
            where l.tenant_id = $1 and l.invoice_id = any ($3) and l.payment_id is not null)
        or p.payment_id in (
            select a.payment_id
            from invoice v
            join allocation a on a.tenant_id = $1 and a.source = v.source and a.invoice_external_id = v.external_id
            where v.tenant_id = $1 and v.invoice_id = any ($3)))
group by p.tenant_id, p.payment_id;

-- name: account_instructions(tenant uuid, payments uuid[], invoices uuid[])
--+ -> payment_id uuid, invoice_id uuid, amount bigint
-- What the sources said, as far as the invoices are known and are the same customer's.
select a.payment_id, v.invoice_id, a.amount
from allocation a
join payment p on p.tenant_id = $1 and p.payment_id = a.payment_id
join invoice v on v.tenant_id = $1 and v.source = a.source and v.external_id = a.invoice_external_id
    and v.customer_id = p.customer_id and v.brand_id = p.brand_id and v.currency = p.currency
where a.tenant_id = $1 and a.payment_id = any ($2) and v.invoice_id = any ($3);

-- name: account_covered(tenant uuid, payments uuid[], invoices uuid[])
--+ -> payment_id uuid, invoice_id uuid, amount bigint
-- What documents cover now, by their entries.
select e.payment_id, e.invoice_id, -sum(e.amount)::bigint as amount
from ledger_entry e
where e.tenant_id = $1 and e.payment_id = any ($2) and e.invoice_id = any ($3)
group by e.payment_id, e.invoice_id
having sum(e.amount) <> 0;

-- name: account_entries(tenant uuid, invoices uuid[], payments uuid[])
--+ -> invoice_id uuid?, payment_id uuid?, kind text, day date, amount bigint
-- What was booked for these invoices and documents, by day.
select e.invoice_id, e.payment_id, e.kind, e.value_date as day, sum(e.amount)::bigint as amount
from ledger_entry e
where e.tenant_id = $1 and (e.invoice_id = any ($2) or e.payment_id = any ($3))
group by e.invoice_id, e.payment_id, e.kind, e.value_date
having sum(e.amount) <> 0
order by e.value_date, e.kind;

-- name: account_book(tenant uuid, entries uuid[], kinds text[], customers uuid[], brands uuid[], invoices text[],
--+ payments text[], currencies text[], amounts bigint[], value_dates date[], sources text[], externals text[],
--+ notes text[], at timestamptz)
-- Movements of money, never changed afterwards. An empty text is none, since arrays of ours hold no NULL.
insert into ledger_entry (
    tenant_id, ledger_entry_id, kind, customer_id, brand_id, invoice_id, payment_id, currency, amount, value_date,
    source, external_id, note, recorded_at)
select $1, x.id, x.kind, x.customer_id, x.brand_id, nullif(x.invoice_id, '')::uuid, nullif(x.payment_id, '')::uuid,
    x.currency, x.amount, x.value_date, nullif(x.source, ''), nullif(x.external_id, ''), nullif(x.note, ''), $14
from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    as x (id, kind, customer_id, brand_id, invoice_id, payment_id, currency, amount, value_date, source, external_id,
    note)
returning ledger_entry.ledger_entry_id;

-- name: account_cache_invoices(tenant uuid, invoices uuid[], at timestamptz)
-- The settled mark follows the entries, both ways.
update invoice v set settled_at = case when s.balance <= 0 then coalesce(v.settled_at, $3) end
from (
    select i.invoice_id, coalesce(sum(e.amount), 0) as balance
    from unnest($2) i (invoice_id)
    left join ledger_entry e on e.tenant_id = $1 and e.invoice_id = i.invoice_id
    group by i.invoice_id
) s
where v.tenant_id = $1 and v.invoice_id = s.invoice_id and (v.settled_at is not null) <> (s.balance <= 0);

-- name: account_cache_payments(tenant uuid, payments uuid[])
-- What of these documents stands on the credit account.
update payment p set unallocated = s.credit
from (
    select i.payment_id, coalesce(-sum(e.amount), 0) as credit
    from unnest($2) i (payment_id)
    left join ledger_entry e on e.tenant_id = $1 and e.payment_id = i.payment_id and e.invoice_id is null
    group by i.payment_id
) s
where p.tenant_id = $1 and p.payment_id = s.payment_id and p.unallocated <> s.credit;

-- name: account_in_flight_clear(tenant uuid, payments uuid[])
-- Money under way is spread anew, has arrived, or will not.
delete from in_flight
where tenant_id = $1 and payment_id = any ($2);

-- name: account_in_flight_add(tenant uuid, payments uuid[], invoices uuid[], amounts bigint[], expiries timestamptz[])
-- Which invoices money under way is for.
insert into in_flight (tenant_id, payment_id, invoice_id, amount, expires_at)
select $1, x.payment_id, x.invoice_id, x.amount, x.expires_at
from unnest($2, $3, $4, $5) as x (payment_id, invoice_id, amount, expires_at)
on conflict on constraint in_flight_pk do update set amount = excluded.amount, expires_at = excluded.expires_at;

-- name: account_instruct(tenant uuid, payments uuid[], sources text[], invoices text[], amounts bigint[])
-- What the source says a payment is for; what it says last counts.
insert into allocation (tenant_id, payment_id, source, invoice_external_id, amount)
select $1, x.payment_id, x.source, x.invoice_external_id, x.amount
from unnest($2, $3, $4, $5) as x (payment_id, source, invoice_external_id, amount)
on conflict on constraint allocation_pk do update set amount = excluded.amount;
