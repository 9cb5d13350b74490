-- name: customer_by_id(tenant uuid, customer uuid)
--+ -> customer_id uuid, external_id text, name text, kind text, zone text?, locale text?, workflow_id uuid?,
--+ country text?, owner text?, exclusion text?, attributes jsonb, risk_band text?, collection_method text?,
--+ merged_into uuid?, merged_at timestamptz?, created_at timestamptz, updated_at timestamptz
-- One customer as shown.
select customer_id, external_id, name, kind, zone, locale, workflow_id, country, owner, exclusion, attributes, risk_band,
    collection_method, merged_into, merged_at, created_at, updated_at
from customer
where tenant_id = $1 and customer_id = $2;

-- name: customer_by_external_id(tenant uuid, external text, request jsonb)
--+ -> customer_id uuid, external_id text, name text, kind text, zone text?, locale text?, workflow_id uuid?,
--+ country text?, owner text?, exclusion text?, attributes jsonb, risk_band text?, collection_method text?,
--+ merged_into uuid?, merged_at timestamptz?, created_at timestamptz, updated_at timestamptz, is_same bool
-- For idempotent creation: is_same says whether it was made by the very same request, whatever was changed since.
select customer_id, external_id, name, kind, zone, locale, workflow_id, country, owner, exclusion, attributes, risk_band,
    collection_method, merged_into, merged_at, created_at, updated_at, request = $3 as is_same
from customer
where tenant_id = $1 and external_id = $2;

-- name: customer_page(tenant uuid, external text?, before uuid?, count bigint)
--+ -> customer_id uuid, external_id text, name text, kind text, zone text?, locale text?, workflow_id uuid?,
--+ country text?, owner text?, exclusion text?, attributes jsonb, risk_band text?, collection_method text?,
--+ merged_into uuid?, merged_at timestamptz?, created_at timestamptz, updated_at timestamptz
-- Newest first.
select customer_id, external_id, name, kind, zone, locale, workflow_id, country, owner, exclusion, attributes, risk_band,
    collection_method, merged_into, merged_at, created_at, updated_at
from customer
where tenant_id = $1 and ($2::text is null or external_id = $2) and ($3::uuid is null or customer_id < $3)
order by customer_id desc
limit $4;

-- name: customer_known(tenant uuid, external text) -> customer_id uuid
-- Who goes by this name; customers have one name across all sources. The name of one that was merged leads to the one that stayed.
select coalesce(merged_into, customer_id) as customer_id from customer where tenant_id = $1 and external_id = $2;

-- name: customer_add(tenant uuid, customer uuid, external text, name text, kind text, zone text?, locale text?,
--+ workflow uuid?, country text?, owner text?, exclusion text?, attributes jsonb, risk text?, method text?, request jsonb,
--+ at timestamptz)
-- No row is written when the external id is taken, be it by a request running beside this one.
insert into customer
    (tenant_id, customer_id, external_id, name, kind, zone, locale, workflow_id, country, owner, exclusion, attributes,
    risk_band, collection_method, request, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
on conflict on constraint customer_external_id_key do nothing;

-- name: customer_change(tenant uuid, customer uuid, name text, zone text?, locale text?, workflow uuid?,
--+ country text?, owner text?, exclusion text?, attributes jsonb, risk text?, method text?, at timestamptz)
-- The request column stays: it is what the customer was made by.
update customer
set name = $3, zone = $4, locale = $5, workflow_id = $6, country = $7, owner = $8, exclusion = $9, attributes = $10,
    risk_band = $11, collection_method = $12, updated_at = $13
where tenant_id = $1 and customer_id = $2;

-- name: customer_lock(tenant uuid, customer uuid)
--+ -> customer_id uuid
-- For a change that starts from the present values. Not the mutex of dunning: that is the case.
select customer_id
from customer
where tenant_id = $1 and customer_id = $2
for no key update;

-- name: customer_set_owner(tenant uuid, customer uuid, owner text?, at timestamptz)
-- Who is in charge, as a step says.
update customer set owner = $3, updated_at = $4 where tenant_id = $1 and customer_id = $2;
