-- name: gateway_insert(tenant uuid, gateway uuid, name text, kind text, host text, port integer, tls text,
--+ username text?, password_sealed bytea?, ehlo_name text, sessions integer, created_at timestamptz)
-- Its lane is opened in the same transaction.
insert into gateway (
    tenant_id, gateway_id, name, kind, host, port, tls, username, password_sealed, ehlo_name, sessions, created_at,
    updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12);

-- name: lane_open(tenant uuid, lane uuid, kind text)
-- Nothing of a new lane was staged yet, however long ago it is due.
insert into q.lane (tenant_id, lane_id, kind, staged_to)
values ($1, $2, $3, '-infinity');

-- name: gateway_by_id(tenant uuid, gateway uuid)
--+ -> gateway_id uuid, name text, kind text, host text, port integer, tls text, username text?, has_password bool,
--+ ehlo_name text, sessions integer, version integer, created_at timestamptz, updated_at timestamptz
-- For people: the password is only known to be there or not.
select gateway_id, name, kind, host, port, tls, username, password_sealed is not null as has_password, ehlo_name,
    sessions, version, created_at, updated_at
from gateway
where tenant_id = $1 and gateway_id = $2;

-- name: gateway_page(tenant uuid, before uuid?, count bigint)
--+ -> gateway_id uuid, name text, kind text, host text, port integer, tls text, username text?, has_password bool,
--+ ehlo_name text, sessions integer, version integer, created_at timestamptz, updated_at timestamptz
-- Newest first, for people.
select gateway_id, name, kind, host, port, tls, username, password_sealed is not null as has_password, ehlo_name,
    sessions, version, created_at, updated_at
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
--+ ehlo_name text, sessions integer, updated_at timestamptz)
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
    updated_at = $10
where tenant_id = $1 and gateway_id = $2;

-- name: gateway_set_password(tenant uuid, gateway uuid, password_sealed bytea?)
-- Apart from the rest: whoever does not send a password leaves the old one in place. Always follows gateway_update.
update gateway
set password_sealed = $3
where tenant_id = $1 and gateway_id = $2;
