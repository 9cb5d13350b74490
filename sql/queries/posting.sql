-- name: posting_add(tenant uuid, posting uuid, kind text, customer uuid, brand uuid, invoice uuid?, payment uuid?,
--+ source text, external text, currency text, amount bigint, value date, reason text, note text, request jsonb,
--+ answer jsonb, at timestamptz)
-- A request that moved money, with what it was answered.
insert into posting (
    tenant_id, posting_id, kind, customer_id, brand_id, invoice_id, payment_id, source, external_id, currency, amount,
    value_date, reason, note, request, answer, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- name: posting_same(tenant uuid, kind text, source text, external text, request jsonb) -> posting_id uuid, is_same bool
-- Was this external id made by the very same request?
select o.posting_id, o.request = $5 as is_same
from posting o
where o.tenant_id = $1 and o.kind = $2 and o.source = $3 and o.external_id = $4;

-- name: posting_by_id(tenant uuid, posting uuid)
--+ -> posting_id uuid, kind text, customer_id uuid, brand_id uuid, invoice_id uuid?, payment_id uuid?, source text,
--+ external_id text, currency text, amount bigint, value_date date, reason text, note text, answer jsonb,
--+ recorded_at timestamptz
-- One of them as shown.
select o.posting_id, o.kind, o.customer_id, o.brand_id, o.invoice_id, o.payment_id, o.source, o.external_id, o.currency,
    o.amount, o.value_date, o.reason, o.note, o.answer, o.recorded_at
from posting o
where o.tenant_id = $1 and o.posting_id = $2;

-- name: posting_page(tenant uuid, kind text?, customer uuid?, before uuid?, count integer)
--+ -> posting_id uuid, kind text, customer_id uuid, brand_id uuid, invoice_id uuid?, payment_id uuid?, source text,
--+ external_id text, currency text, amount bigint, value_date date, reason text, note text, answer jsonb,
--+ recorded_at timestamptz
-- Newest first.
select o.posting_id, o.kind, o.customer_id, o.brand_id, o.invoice_id, o.payment_id, o.source, o.external_id, o.currency,
    o.amount, o.value_date, o.reason, o.note, o.answer, o.recorded_at
from posting o
where o.tenant_id = $1 and ($2::text is null or o.kind = $2) and ($3::uuid is null or o.customer_id = $3)
    and ($4::uuid is null or o.posting_id < $4)
order by o.posting_id desc
limit $5;
