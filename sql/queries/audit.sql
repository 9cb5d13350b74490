-- name: audit_insert(tenant uuid, ids uuid[], at timestamptz, actor text, actions text[], subjects uuid[], customers text[], details text[])
-- Plain inserts on the hot path; sealing comes from elsewhere.
insert into audit_event (tenant_id, audit_event_id, at, actor, action, subject_id, customer_id, detail)
select $1, x.id, $3, $4, x.action, x.subject_id, nullif(x.customer_id, '')::uuid, x.detail::jsonb
from unnest($2, $5, $6, $7, $8) x (id, action, subject_id, customer_id, detail)
returning audit_event.audit_event_id;
