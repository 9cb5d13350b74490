-- name: payment_insert(tenant uuid, payment uuid, customer uuid, brand uuid, external text, currency text, amount bigint, unallocated bigint, status text, method text, value date, request jsonb, at timestamptz)
-- No row is written when the external id is taken, be it by a request running beside this one.
insert into payment (
    tenant_id, payment_id, customer_id, brand_id, external_id, currency, amount, unallocated, status, method, value_date,
    request, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict on constraint payment_external_id_key do nothing;

-- name: payment_same(tenant uuid, external text, request jsonb) -> payment_id uuid, is_same bool
-- Was this external id made by the very same request?
select p.payment_id, p.request = $3 as is_same from payment p where p.tenant_id = $1 and p.external_id = $2;

-- name: payment_answer(tenant uuid, payment uuid, answer jsonb)
-- What the first answer said of messages on the way; a repetition says the same.
update payment p set answer = $3 where p.tenant_id = $1 and p.payment_id = $2;

-- name: payment_by_id(tenant uuid, payment uuid)
--+ -> payment_id uuid, customer_id uuid, brand_id uuid, external_id text, currency text, amount bigint,
--+ unallocated bigint, status text, method text, value_date date, answer jsonb?, recorded_at timestamptz
-- One payment as shown.
select p.payment_id, p.customer_id, p.brand_id, p.external_id, p.currency, p.amount, p.unallocated, p.status, p.method,
    p.value_date, p.answer, p.recorded_at
from payment p
where p.tenant_id = $1 and p.payment_id = $2;

-- name: payment_page(tenant uuid, customer uuid?, before uuid?, count integer)
--+ -> payment_id uuid, customer_id uuid, brand_id uuid, external_id text, currency text, amount bigint,
--+ unallocated bigint, status text, method text, value_date date, answer jsonb?, recorded_at timestamptz
-- Newest first.
select p.payment_id, p.customer_id, p.brand_id, p.external_id, p.currency, p.amount, p.unallocated, p.status, p.method,
    p.value_date, p.answer, p.recorded_at
from payment p
where p.tenant_id = $1 and ($2::uuid is null or p.customer_id = $2) and ($3::uuid is null or p.payment_id < $3)
order by p.payment_id desc
limit $4;

-- name: payment_allocations(tenant uuid, payments uuid[]) -> payment_id uuid, invoice_id uuid, amount bigint
-- Which invoices payments cover.
select l.payment_id, l.invoice_id, l.amount
from allocation l
where l.tenant_id = $1 and l.payment_id = any ($2)
order by l.payment_id, l.allocation_id;

-- name: payment_allocate(tenant uuid, ids uuid[], payments uuid[], invoices uuid[], amounts bigint[], values date[], at timestamptz)
-- Allocations are entries of their own: dated, never changed.
insert into allocation (tenant_id, allocation_id, payment_id, invoice_id, amount, value_date, recorded_at)
select $1, x.id, x.payment_id, x.invoice_id, x.amount, x.value_date, $7
from unnest($2, $3, $4, $5, $6) x (id, payment_id, invoice_id, amount, value_date)
returning allocation.allocation_id;

-- name: payment_credit(tenant uuid, customer uuid, brand uuid, currency text)
--+ -> payment_id uuid, unallocated bigint, value_date date, status text
-- Unapplied credit, oldest first, locked while a new invoice takes from it.
select p.payment_id, p.unallocated, p.value_date, p.status
from payment p
where p.tenant_id = $1 and p.customer_id = $2 and p.brand_id = $3 and p.currency = $4 and p.unallocated > 0
    and p.status = 'succeeded'
order by p.value_date, p.payment_id
for no key update;

-- name: payment_take_credit(tenant uuid, payments uuid[], amounts bigint[])
-- Credit that was applied is no credit any more.
update payment p set unallocated = p.unallocated - x.amount
from unnest($2, $3) x (payment_id, amount)
where p.tenant_id = $1 and p.payment_id = x.payment_id;
