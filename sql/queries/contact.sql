-- name: contact_by_id(tenant uuid, contact uuid)
--+ -> contact_id uuid, customer_id uuid, role text, name text, email text?, zone text?, opted_out bool,
--+ suppressed_reason text?, created_at timestamptz, updated_at timestamptz
-- One contact as shown.
select contact_id, customer_id, role, name, email, zone, opted_out, suppressed_reason, created_at, updated_at
from contact
where tenant_id = $1 and contact_id = $2;

-- name: contact_page(tenant uuid, customer uuid, before uuid?, count bigint)
--+ -> contact_id uuid, customer_id uuid, role text, name text, email text?, zone text?, opted_out bool,
--+ suppressed_reason text?, created_at timestamptz, updated_at timestamptz
-- The contacts of one customer, newest first.
select contact_id, customer_id, role, name, email, zone, opted_out, suppressed_reason, created_at, updated_at
from contact
where tenant_id = $1 and customer_id = $2 and ($3::uuid is null or contact_id < $3)
order by contact_id desc
limit $4;

-- name: contact_add(tenant uuid, contact uuid, customer uuid, role text, name text, email text?, email_key text?,
--+ zone text?, opted_out bool, at timestamptz)
-- A new person to write to.
insert into contact
    (tenant_id, contact_id, customer_id, role, name, email, email_key, zone, opted_out, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10);

-- name: contact_change(tenant uuid, contact uuid, role text, name text, email text?, email_key text?, zone text?,
--+ opted_out bool, at timestamptz)
-- A suppression belongs to an address, so another address is free of it.
update contact
set role = $3, name = $4, email = $5, email_key = $6, zone = $7, opted_out = $8,
    suppressed_reason = case when email_key is not distinct from $6 then suppressed_reason else null end,
    updated_at = $9
where tenant_id = $1 and contact_id = $2;
