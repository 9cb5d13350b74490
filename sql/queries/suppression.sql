-- name: suppression_add(tenant uuid, channel text, keys text[], reason text, at timestamptz)
-- These addresses get nothing any more, whoever has them. What somebody said is not written over by what a gateway says.
insert into suppression (tenant_id, channel, address_key, reason, created_at)
select $1, $2, x.address_key, $4, $5
from unnest($3) x (address_key)
order by x.address_key
on conflict (tenant_id, channel, address_key) do nothing;

-- name: suppression_lift(tenant uuid, channel text, key text)
-- Somebody wrote START: the number is alive, and messages are wanted.
delete from suppression
where tenant_id = $1 and channel = $2 and address_key = $3;

-- name: suppression_customers(tenant uuid, phone text) -> customer_id uuid
-- Whose cases it bears on: everybody with this number.
select distinct c.customer_id
from contact c
where c.tenant_id = $1 and c.phone = $2
order by c.customer_id;
