-- name: agency_add(tenant uuid, agency uuid, name text, email text?, age integer, response integer, at timestamptz)
-- No row where the name is taken.
insert into agency (tenant_id, agency_id, name, email, minimum_age_days, response_days, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $7)
on conflict on constraint agency_name_key do nothing;

-- name: agency_change(tenant uuid, agency uuid, name text, email text?, age integer, response integer, at timestamptz)
-- All of it as it is to be.
update agency a
set name = $3, email = $4, minimum_age_days = $5, response_days = $6, updated_at = $7
where a.tenant_id = $1 and a.agency_id = $2;

-- name: agency_clear_minimums(tenant uuid, agency uuid)
-- Before they are written anew.
delete from agency_minimum m
where m.tenant_id = $1 and m.agency_id = $2;

-- name: agency_add_minimums(tenant uuid, agency uuid, currencies text[], amounts bigint[])
-- The least it takes, by currency.
insert into agency_minimum (tenant_id, agency_id, currency, amount)
select $1, $2, x.currency, x.amount
from unnest($3, $4) x (currency, amount)
returning agency_minimum.currency;

-- name: agency_by_id(tenant uuid, agency uuid)
--+ -> agency_id uuid, name text, email text?, minimum_age_days integer, response_days integer, currencies text[],
--+ amounts bigint[], created_at timestamptz, updated_at timestamptz
-- One of them as shown.
select a.agency_id, a.name, a.email, a.minimum_age_days, a.response_days, k.currencies, k.amounts, a.created_at,
    a.updated_at
from agency a
cross join lateral (
    select coalesce(array_agg(m.currency order by m.currency), '{}') as currencies,
        coalesce(array_agg(m.amount order by m.currency), '{}') as amounts
    from agency_minimum m
    where m.tenant_id = $1 and m.agency_id = a.agency_id
) k
where a.tenant_id = $1 and a.agency_id = $2;

-- name: agency_page(tenant uuid, before uuid?, count integer)
--+ -> agency_id uuid, name text, email text?, minimum_age_days integer, response_days integer, currencies text[],
--+ amounts bigint[], created_at timestamptz, updated_at timestamptz
-- Newest first.
select a.agency_id, a.name, a.email, a.minimum_age_days, a.response_days, k.currencies, k.amounts, a.created_at,
    a.updated_at
from agency a
cross join lateral (
    select coalesce(array_agg(m.currency order by m.currency), '{}') as currencies,
        coalesce(array_agg(m.amount order by m.currency), '{}') as amounts
    from agency_minimum m
    where m.tenant_id = $1 and m.agency_id = a.agency_id
) k
where a.tenant_id = $1 and ($2::uuid is null or a.agency_id < $2)
order by a.agency_id desc
limit $3;

-- name: agency_named(tenant uuid, name text) -> agency_id uuid
-- As workflows name it.
select a.agency_id from agency a where a.tenant_id = $1 and a.name = $2;
