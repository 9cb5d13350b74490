-- name: contact_by_id(tenant uuid, contact uuid)
--+ -> contact_id uuid, customer_id uuid, role text, name text, email text?, phone text?,
--+ zone text?, opted_out bool, suppressed_reason text?, phone_suppressed_reason text?, created_at timestamptz,
--+ updated_at timestamptz
-- One contact as shown.
select c.contact_id, c.customer_id, c.role, c.name, c.email, c.phone, c.zone, c.opted_out, c.suppressed_reason,
    s.reason as phone_suppressed_reason, c.created_at, c.updated_at
from contact c
left join suppression s on s.tenant_id = $1 and s.channel = 'sms' and s.address_key = c.phone
where c.tenant_id = $1 and c.contact_id = $2;

-- name: contact_page(tenant uuid, customer uuid, before uuid?, count bigint)
--+ -> contact_id uuid, customer_id uuid, role text, name text, email text?, phone text?,
--+ zone text?, opted_out bool, suppressed_reason text?, phone_suppressed_reason text?, created_at timestamptz,
--+ updated_at timestamptz
-- The contacts of one customer, newest first.
select c.contact_id, c.customer_id, c.role, c.name, c.email, c.phone, c.zone, c.opted_out, c.suppressed_reason,
    s.reason as phone_suppressed_reason, c.created_at, c.updated_at
from contact c
left join suppression s on s.tenant_id = $1 and s.channel = 'sms' and s.address_key = c.phone
where c.tenant_id = $1 and c.customer_id = $2 and ($3::uuid is null or c.contact_id < $3)
order by c.contact_id desc
limit $4;

-- name: contact_add(tenant uuid, contact uuid, customer uuid, role text, name text, email text?, email_key text?,
--+ phone text?, zone text?, opted_out bool, at timestamptz)
-- A new person to write to.
insert into contact
    (tenant_id, contact_id, customer_id, role, name, email, email_key, phone, zone, opted_out, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11);

-- name: contact_change(tenant uuid, contact uuid, role text, name text, email text?, email_key text?, phone text?,
--+ zone text?, opted_out bool, at timestamptz)
-- A suppression belongs to an address, so another address is free of it; that of a number is looked up by the number.
update contact
set role = $3, name = $4, email = $5, email_key = $6, phone = $7, zone = $8, opted_out = $9,
    suppressed_reason = case when email_key is not distinct from $6 then suppressed_reason else null end,
    updated_at = $10
where tenant_id = $1 and contact_id = $2;
