-- name: payment_insert(tenant uuid, payment uuid, kind text, customer uuid, brand uuid, source text, external text, version bigint, currency text, amount bigint, automatic bool, status text, method text, value date, request jsonb?, at timestamptz)
-- No row is written when the external id is taken, be it by a request running beside this one. What of it is credit is
-- known when it is booked.
insert into payment (
    tenant_id, payment_id, kind, customer_id, brand_id, source, external_id, version, currency, amount, unallocated,
    automatic, status, method, value_date, request, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $14, $15, $16)
on conflict on constraint payment_external_id_key do nothing;

-- name: payment_same(tenant uuid, kind text, source text, external text, request jsonb) -> payment_id uuid, is_same bool
-- Was this external id made by the very same request?
select p.payment_id, coalesce(p.request = $5, false) as is_same
from payment p
where p.tenant_id = $1 and p.kind = $2 and p.source = $3 and p.external_id = $4;

-- name: payment_answer(tenant uuid, payment uuid, answer jsonb)
-- What the first answer said of messages on the way; a repetition says the same.
update payment p set answer = $3 where p.tenant_id = $1 and p.payment_id = $2;

-- name: payment_by_id(tenant uuid, payment uuid)
--+ -> payment_id uuid, kind text, customer_id uuid, brand_id uuid, source text, external_id text, version bigint,
--+ currency text, amount bigint, unallocated bigint, status text, method text, value_date date, answer jsonb?, recorded_at timestamptz
-- One payment as shown.
select p.payment_id, p.kind, p.customer_id, p.brand_id, p.source, p.external_id, p.version, p.currency, p.amount,
    p.unallocated, p.status, p.method, p.value_date, p.answer, p.recorded_at
from payment p
where p.tenant_id = $1 and p.payment_id = $2;

-- name: payment_page(tenant uuid, kind text, customer uuid?, source text?, external text?, before uuid?, count integer)
--+ -> payment_id uuid, kind text, customer_id uuid, brand_id uuid, source text, external_id text, version bigint,
--+ currency text, amount bigint, unallocated bigint, status text, method text, value_date date, answer jsonb?, recorded_at timestamptz
-- Newest first.
select p.payment_id, p.kind, p.customer_id, p.brand_id, p.source, p.external_id, p.version, p.currency, p.amount,
    p.unallocated, p.status, p.method, p.value_date, p.answer, p.recorded_at
from payment p
where p.tenant_id = $1 and p.kind = $2 and ($3::uuid is null or p.customer_id = $3)
    and ($4::text is null or p.source = $4) and ($5::text is null or p.external_id = $5)
    and ($6::uuid is null or p.payment_id < $6)
order by p.payment_id desc
limit $7;

-- name: payment_covers(tenant uuid, payments uuid[]) -> payment_id uuid, invoice_id uuid, amount bigint
-- Which invoices payments cover, by the ledger, or will when they arrive; oldest due first.
select m.payment_id, m.invoice_id, sum(m.amount)::bigint as amount
from (
    select e.payment_id, e.invoice_id, -e.amount as amount
    from ledger_entry e
    where e.tenant_id = $1 and e.payment_id = any ($2) and e.invoice_id is not null
    union all
    select f.payment_id, f.invoice_id, f.amount
    from in_flight f
    where f.tenant_id = $1 and f.payment_id = any ($2)
) m
join invoice v on v.tenant_id = $1 and v.invoice_id = m.invoice_id
group by m.payment_id, m.invoice_id, v.due_date, v.external_id
having sum(m.amount) <> 0
order by m.payment_id, v.due_date nulls last, v.external_id;

-- name: payment_known(tenant uuid, kind text, source text, external text) -> payment_id uuid, customer_id uuid
-- Which document goes by this name, and whose it is.
select p.payment_id, p.customer_id
from payment p
where p.tenant_id = $1 and p.kind = $2 and p.source = $3 and p.external_id = $4;

-- name: payment_turn(tenant uuid, payment uuid, status text, value date, version bigint, automatic bool)
-- Money under way has arrived, or will not; money received was taken back; the source says more of it.
update payment p set status = $3, value_date = $4, version = $5, automatic = $6
where p.tenant_id = $1 and p.payment_id = $2;

-- name: payment_told(tenant uuid, payment uuid)
--+ -> automatic bool, source text?, invoice_external_id text?, amount bigint?
-- What its source said it is for: one row at least, with no invoice where none was named.
select p.automatic, a.source, a.invoice_external_id, a.amount
from payment p
left join allocation a on a.tenant_id = $1 and a.payment_id = p.payment_id
where p.tenant_id = $1 and p.payment_id = $2
order by a.source, a.invoice_external_id;

-- name: payment_untell(tenant uuid, payment uuid)
-- The source says anew what it is for.
delete from allocation a where a.tenant_id = $1 and a.payment_id = $2;

-- name: payment_named_invoices(tenant uuid, payment uuid) -> invoice_id uuid
-- Invoices that it is for as far as they are known and are the same customer's, that it covers, or will cover when it
-- arrives.
select v.invoice_id
from allocation a
join payment p on p.tenant_id = $1 and p.payment_id = a.payment_id
join invoice v on v.tenant_id = $1 and v.source = a.source and v.external_id = a.invoice_external_id
    and v.customer_id = p.customer_id and v.brand_id = p.brand_id and v.currency = p.currency
where a.tenant_id = $1 and a.payment_id = $2
union
select e.invoice_id
from ledger_entry e
where e.tenant_id = $1 and e.payment_id = $2 and e.invoice_id is not null
union
select f.invoice_id
from in_flight f
where f.tenant_id = $1 and f.payment_id = $2;
