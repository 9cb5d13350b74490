-- name: import_mapping_put(tenant uuid, name text, mapping jsonb, at timestamptz)
-- What stands under a name is what was put there last.
insert into import_mapping (tenant_id, name, mapping, created_at, updated_at)
values ($1, $2, $3, $4, $4)
on conflict on constraint import_mapping_pk do update
set mapping = excluded.mapping, updated_at = excluded.updated_at;

-- name: import_mapping_by_name(tenant uuid, name text)
--+ -> name text, mapping jsonb, created_at timestamptz, updated_at timestamptz
-- One mapping.
select name, mapping, created_at, updated_at
from import_mapping
where tenant_id = $1 and name = $2;

-- name: import_mapping_page(tenant uuid, after text, count bigint)
--+ -> name text, mapping jsonb, created_at timestamptz, updated_at timestamptz
-- By name.
select name, mapping, created_at, updated_at
from import_mapping
where tenant_id = $1 and name > $2
order by name
limit $3;

-- name: import_mapping_drop(tenant uuid, name text)
-- Imports keep the mapping they were made with.
delete from import_mapping
where tenant_id = $1 and name = $2;
