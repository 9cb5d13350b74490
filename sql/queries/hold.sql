-- name: hold_by_id(tenant uuid, hold uuid)
--+ -> hold_id uuid, scope text, brand_id uuid?, customer_id uuid?, invoice_id uuid?, reason text, note text,
--+ from_at timestamptz, until_at timestamptz?, released_at timestamptz?, created_at timestamptz
-- One hold as shown.
select hold_id, scope, brand_id, customer_id, invoice_id, reason, note, from_at, until_at, released_at, created_at
from hold
where tenant_id = $1 and hold_id = $2;

-- name: hold_page(tenant uuid, before uuid?, count bigint, customer uuid?, in_force_at timestamptz?)
--+ -> hold_id uuid, scope text, brand_id uuid?, customer_id uuid?, invoice_id uuid?, reason text, note text,
--+ from_at timestamptz, until_at timestamptz?, released_at timestamptz?, created_at timestamptz
-- Newest first; one customer's, and only what is in force, where asked for.
select hold_id, scope, brand_id, customer_id, invoice_id, reason, note, from_at, until_at, released_at, created_at
from hold
where tenant_id = $1 and ($2::uuid is null or hold_id < $2)
    and ($4::uuid is null or customer_id = $4)
    and ($5::timestamptz is null or (released_at is null and from_at <= $5 and (until_at is null or until_at > $5)))
order by hold_id desc
limit $3;

-- name: hold_add(tenant uuid, hold uuid, scope text, brand uuid?, customer uuid?, invoice uuid?, reason text, note text,
--+ from_at timestamptz, until_at timestamptz?, at timestamptz)
-- A dated reason not to contact.
insert into hold
    (tenant_id, hold_id, scope, brand_id, customer_id, invoice_id, reason, note, from_at, until_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: hold_release(tenant uuid, hold uuid, at timestamptz)
-- Once: a hold released before keeps the date of its release.
update hold
set released_at = $3
where tenant_id = $1 and hold_id = $2 and released_at is null;

-- name: hold_customer_of_invoice(tenant uuid, invoice uuid)
--+ -> customer_id uuid
-- Whose case a hold on this invoice touches.
select customer_id
from invoice
where tenant_id = $1 and invoice_id = $2;
