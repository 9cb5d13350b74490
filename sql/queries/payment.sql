-- name: payment_insert(tenant uuid, payment uuid, kind text, customer uuid, brand uuid, source text, external text, currency text, amount bigint, automatic bool, status text, method text, value date, request jsonb?, at timestamptz)
-- No row is written when the external id is taken, be it by a request running beside this one. What of it is credit is
-- known when it is booked.
insert into payment (
    tenant_id, payment_id, kind, customer_id, brand_id, source, external_id, currency, amount, unallocated, automatic,
    status, method, value_date, request, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, $13, $14, $15)
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
--+ -> payment_id uuid, kind text, customer_id uuid, brand_id uuid, source text, external_id text, currency text,
--+ amount bigint, unallocated bigint, status text, method text, value_date date, answer jsonb?, recorded_at timestamptz
-- One payment as shown.
select p.payment_id, p.kind, p.customer_id, p.brand_id, p.source, p.external_id, p.currency, p.amount, p.unallocated,
    p.status, p.method, p.value_date, p.answer, p.recorded_at
from payment p
where p.tenant_id = $1 and p.payment_id = $2;

-- name: payment_page(tenant uuid, kind text, customer uuid?, before uuid?, count integer)
--+ -> payment_id uuid, kind text, customer_id uuid, brand_id uuid, source text, external_id text, currency text,
--+ amount bigint, unallocated bigint, status text, method text, value_date date, answer jsonb?, recorded_at timestamptz
-- Newest first.
select p.payment_id, p.kind, p.customer_id, p.brand_id, p.source, p.external_id, p.currency, p.amount, p.unallocated,
    p.status, p.method, p.value_date, p.answer, p.recorded_at
from payment p
where p.tenant_id = $1 and p.kind = $2 and ($3::uuid is null or p.customer_id = $3)
    and ($4::uuid is null or p.payment_id < $4)
order by p.payment_id desc
limit $5;

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
