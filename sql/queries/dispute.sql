-- name: dispute_add(tenant uuid, dispute uuid, customer uuid, invoice uuid, amount bigint?, reason text, note text, day date, at timestamptz)
-- No row is written while another dispute about the invoice is open.
insert into dispute (tenant_id, dispute_id, customer_id, invoice_id, amount, reason, note, from_day, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (tenant_id, invoice_id) where resolved_at is null do nothing;

-- name: dispute_by_id(tenant uuid, dispute uuid)
--+ -> dispute_id uuid, customer_id uuid, invoice_id uuid, currency text, amount bigint?, reason text, note text,
--+ from_day date, outcome text?, created_at timestamptz, resolved_at timestamptz?
-- One of them as shown.
select d.dispute_id, d.customer_id, d.invoice_id, v.currency, d.amount, d.reason, d.note, d.from_day, d.outcome,
    d.created_at, d.resolved_at
from dispute d
join invoice v on v.tenant_id = $1 and v.invoice_id = d.invoice_id
where d.tenant_id = $1 and d.dispute_id = $2;

-- name: dispute_open_of(tenant uuid, invoice uuid) -> dispute_id uuid
-- The one that is not resolved.
select d.dispute_id from dispute d where d.tenant_id = $1 and d.invoice_id = $2 and d.resolved_at is null;

-- name: dispute_page(tenant uuid, customer uuid?, invoice uuid?, open bool?, before uuid?, count integer)
--+ -> dispute_id uuid, customer_id uuid, invoice_id uuid, currency text, amount bigint?, reason text, note text,
--+ from_day date, outcome text?, created_at timestamptz, resolved_at timestamptz?
-- Newest first.
select d.dispute_id, d.customer_id, d.invoice_id, v.currency, d.amount, d.reason, d.note, d.from_day, d.outcome,
    d.created_at, d.resolved_at
from dispute d
join invoice v on v.tenant_id = $1 and v.invoice_id = d.invoice_id
where d.tenant_id = $1 and ($2::uuid is null or d.customer_id = $2) and ($3::uuid is null or d.invoice_id = $3)
    and ($4::bool is null or (d.resolved_at is null) = $4) and ($5::uuid is null or d.dispute_id < $5)
order by d.dispute_id desc
limit $6;

-- name: dispute_resolve(tenant uuid, dispute uuid, outcome text, day date, at timestamptz)
-- From this day on the amount is asked for again, as far as it is still open.
update dispute d set outcome = $3, until_day = greatest($4, d.from_day), resolved_at = $5
where d.tenant_id = $1 and d.dispute_id = $2 and d.resolved_at is null;
