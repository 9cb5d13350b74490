-- name: api_key_insert(tenant uuid, key uuid, name text, secret_hash bytea, created_at timestamptz)
-- Only the hash is kept: a key is shown once.
insert into api_key (tenant_id, api_key_id, name, secret_hash, created_at)
values ($1, $2, $3, $4, $5);

-- name: api_key_secret(tenant uuid, key uuid) -> secret_hash bytea, revoked_at timestamptz?
-- Asked at every request; the token names its tenant, so this is one row of one tenant.
select secret_hash, revoked_at
from api_key
where tenant_id = $1 and api_key_id = $2;

-- name: api_key_by_id(tenant uuid, key uuid)
--+ -> api_key_id uuid, name text, created_at timestamptz, revoked_at timestamptz?
-- A key as shown to the platform, without anything that could open a door.
select api_key_id, name, created_at, revoked_at
from api_key
where tenant_id = $1 and api_key_id = $2;

-- name: api_key_page(tenant uuid, before uuid?, count bigint)
--+ -> api_key_id uuid, name text, created_at timestamptz, revoked_at timestamptz?
-- Newest first; revoked ones stay listed.
select api_key_id, name, created_at, revoked_at
from api_key
where tenant_id = $1 and ($2::uuid is null or api_key_id < $2)
order by api_key_id desc
limit $3;

-- name: api_key_revoke(tenant uuid, key uuid, revoked_at timestamptz)
-- The first revocation counts: a second one changes nothing.
update api_key
set revoked_at = $3
where tenant_id = $1 and api_key_id = $2 and revoked_at is null;
