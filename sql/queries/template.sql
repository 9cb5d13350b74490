-- name: template_insert(tenant uuid, template uuid, name text, created_at timestamptz)
-- The text follows as its first version.
insert into template (tenant_id, template_id, name, created_at)
values ($1, $2, $3, $4);

-- name: template_lock(tenant uuid, template uuid) -> template_id uuid
-- Versions are numbered one after the other.
select template_id
from template
where tenant_id = $1 and template_id = $2
for no key update;

-- name: template_version_insert(tenant uuid, version uuid, template uuid, number integer, locale text, subject text,
--+ text_body text, html_body text, created_at timestamptz)
-- Versions are never changed: what was sent can be read again.
insert into template_version (
    tenant_id, template_version_id, template_id, number, locale, subject, text_body, html_body, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: template_publish(tenant uuid, template uuid, version uuid)
-- The version that messages are written with from now on.
update template
set current_version_id = $3
where tenant_id = $1 and template_id = $2;

-- name: template_by_id(tenant uuid, template uuid)
--+ -> template_id uuid, name text, created_at timestamptz, template_version_id uuid, number integer, locale text,
--+ subject text, text_body text, html_body text, version_created_at timestamptz
-- The template with its current text.
select t.template_id, t.name, t.created_at, v.template_version_id, v.number, v.locale, v.subject, v.text_body,
    v.html_body, v.created_at as version_created_at
from template t
join template_version v on v.tenant_id = $1 and v.template_version_id = t.current_version_id
where t.tenant_id = $1 and t.template_id = $2;

-- name: template_page(tenant uuid, before uuid?, count bigint)
--+ -> template_id uuid, name text, created_at timestamptz, template_version_id uuid, number integer, locale text,
--+ subject text, text_body text, html_body text, version_created_at timestamptz
-- Newest first, each with its current text.
select t.template_id, t.name, t.created_at, v.template_version_id, v.number, v.locale, v.subject, v.text_body,
    v.html_body, v.created_at as version_created_at
from template t
join template_version v on v.tenant_id = $1 and v.template_version_id = t.current_version_id
where t.tenant_id = $1 and ($2::uuid is null or t.template_id < $2)
order by t.template_id desc
limit $3;
