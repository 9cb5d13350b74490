-- name: tolerance_all(tenant uuid) -> currency text, amount bigint
-- What is too little to ask for.
select t.currency, t.amount from tolerance t where t.tenant_id = $1 order by t.currency;

-- name: tolerance_clear(tenant uuid)
-- All of them are said anew.
delete from tolerance where tenant_id = $1;

-- name: tolerance_add(tenant uuid, currencies text[], amounts bigint[])
-- One for each currency named.
insert into tolerance (tenant_id, currency, amount)
select $1, x.currency, x.amount
from unnest($2, $3) as x (currency, amount)
on conflict on constraint tolerance_pk do update set amount = excluded.amount;

-- name: tolerance_customers(tenant uuid, currencies text[], after uuid?, count integer) -> customer_id uuid
-- Whose cases another tolerance may open, close or retime.
select distinct v.customer_id
from invoice v
where v.tenant_id = $1 and v.settled_at is null and v.currency = any ($2) and ($3::uuid is null or v.customer_id > $3)
order by v.customer_id
limit $4;
