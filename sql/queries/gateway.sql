-- name: gateway_insert(tenant uuid, gateway uuid, name text, kind text, host text, port integer, tls text,
--+ username text?, password_sealed bytea?, ehlo_name text, sessions integer, created_at timestamptz,
--+ preset text?, recipe text?, sender text?, max_parts integer?, hook_secret_sealed bytea?)
-- Its lane is opened in the same transaction.
insert into gateway (
    tenant_id, gateway_id, name, kind, host, port, tls, username, password_sealed, ehlo_name, sessions, created_at,
    updated_at, preset, recipe, sender, max_parts, hook_secret_sealed)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, $16, $17);

-- name: lane_open(tenant uuid, lane uuid, kind text)
-- Nothing of a new lane was staged yet, however long ago it is due.
insert into q.lane (tenant_id, lane_id, kind, staged_to)
values ($1, $2, $3, '-infinity');

-- name: lane_add(tenant uuid, lane uuid, kind text)
-- A lane a tenant has one of, opened when it is first needed: its imports, its upkeep. Nothing is ever staged there.
insert into q.lane (tenant_id, lane_id, kind, staged_to)
values ($1, $2, $3, 'infinity')
on conflict do nothing;

-- name: lane_of_kind(tenant uuid, kind text) -> lane_id uuid
-- Which lane that is.
select l.lane_id
from q.lane l
where l.tenant_id = $1 and l.kind = $2;

-- name: gateway_by_id(tenant uuid, gateway uuid)
--+ -> gateway_id uuid, name text, kind text, host text, port integer, tls text, username text?, has_password bool,
--+ ehlo_name text, sessions integer, preset text?, recipe text?, sender text?, max_parts integer?, has_hook_secret bool,
--+ refused_hooks bigint, version integer, created_at timestamptz, updated_at timestamptz
-- For people: the password is only known to be there or not.
select gateway_id, name, kind, host, port, tls, username, password_sealed is not null as has_password, ehlo_name,
    sessions, preset, recipe, sender, max_parts, hook_secret_sealed is not null as has_hook_secret, refused_hooks,
    version, created_at, updated_at
from gateway
where tenant_id = $1 and gateway_id = $2;

-- name: gateway_page(tenant uuid, before uuid?, count bigint)
--+ -> gateway_id uuid, name text, kind text, host text, port integer, tls text, username text?, has_password bool,
--+ ehlo_name text, sessions integer, preset text?, recipe text?, sender text?, max_parts integer?, has_hook_secret bool,
--+ refused_hooks bigint, version integer, created_at timestamptz, updated_at timestamptz
-- Newest first, for people.
select gateway_id, name, kind, host, port, tls, username, password_sealed is not null as has_password, ehlo_name,
    sessions, preset, recipe, sender, max_parts, hook_secret_sealed is not null as has_hook_secret, refused_hooks,
    version, created_at, updated_at
from gateway
where tenant_id = $1 and ($2::uuid is null or gateway_id < $2)
order by gateway_id desc
limit $3;

-- name: gateway_lock(tenant uuid, gateway uuid) -> gateway_id uuid
-- Two changes of one gateway follow each other.
select gateway_id
from gateway
where tenant_id = $1 and gateway_id = $2
for no key update;

-- name: gateway_update(tenant uuid, gateway uuid, name text, host text, port integer, tls text, username text?,
--+ ehlo_name text, sessions integer, updated_at timestamptz, recipe text?, sender text?, max_parts integer?)
-- Everything but the password. The version tells open sessions that they are of an older configuration.
update gateway
set name = $3,
    host = $4,
    port = $5,
    tls = $6,
    username = $7,
    ehlo_name = $8,
    sessions = $9,
    version = version + 1,
    updated_at = $10,
    recipe = $11,
    sender = $12,
    max_parts = $13
where tenant_id = $1 and gateway_id = $2;

-- name: gateway_set_password(tenant uuid, gateway uuid, password_sealed bytea?)
-- Apart from the rest: whoever does not send a password leaves the old one in place. Always follows gateway_update.
update gateway
set password_sealed = $3
where tenant_id = $1 and gateway_id = $2;

-- name: gateway_set_hook_secret(tenant uuid, gateway uuid, hook_secret_sealed bytea?)
-- What the gateway signs its reports with. Always follows gateway_update.
update gateway
set hook_secret_sealed = $3
where tenant_id = $1 and gateway_id = $2;

-- name: gateway_hooks(tenant uuid, gateway uuid)
--+ -> recipe text?, password_sealed bytea?, hook_secret_sealed bytea?
-- How reports of a text gateway are read and proven.
select recipe, password_sealed, hook_secret_sealed
from gateway
where tenant_id = $1 and gateway_id = $2 and kind = 'sms';

-- name: gateway_refuse_hook(tenant uuid, gateway uuid)
-- Somebody who knows the address and not the secret.
update gateway
set refused_hooks = refused_hooks + 1
where tenant_id = $1 and gateway_id = $2;
