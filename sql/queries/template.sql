-- name: template_insert(tenant uuid, template uuid, name text, locale text, created_at timestamptz)
-- The text in this language follows as its first version.
insert into template (tenant_id, template_id, name, default_locale, created_at)
values ($1, $2, $3, $4, $5);

-- name: template_lock(tenant uuid, template uuid) -> template_id uuid
-- Versions are numbered one after the other.
select template_id
from template
where tenant_id = $1 and template_id = $2
for no key update;

-- name: template_version_insert(tenant uuid, template uuid, versions uuid[], numbers integer[], locales text[],
--+ subjects text[], texts text[], htmls text[], smses text[], created_at timestamptz)
-- Versions are never changed: what was sent can be read again.
insert into template_version (
    tenant_id, template_version_id, template_id, number, locale, subject, text_body, html_body, sms_body,
    created_at)
select $1, x.template_version_id, $2, x.number, x.locale, x.subject, x.text_body, x.html_body, nullif(x.sms_body, ''),
    $10
from unnest($3, $4, $5, $6, $7, $8, $9) x (template_version_id, number, locale, subject, text_body, html_body, sms_body)
returning template_version.template_version_id;

-- name: template_publish(tenant uuid, template uuid, locales text[], versions uuid[])
-- The versions that messages in these languages are written with from now on.
insert into template_variant (tenant_id, template_id, locale, template_version_id)
select $1, $2, x.locale, x.template_version_id
from unnest($3, $4) x (locale, template_version_id)
on conflict (tenant_id, template_id, locale) do update
set template_version_id = excluded.template_version_id;

-- name: template_by_id(tenant uuid, template uuid, locale text?)
--+ -> template_id uuid, name text, created_at timestamptz, default_locale text, locales text[],
--+ template_version_id uuid, number integer, locale text, subject text, text_body text, html_body text,
--+ sms_body text?, version_created_at timestamptz
-- The template with its current text in one language, the default where none is named; no row where there is no such text.
select t.template_id, t.name, t.created_at, t.default_locale, array(
        select a.locale from template_variant a
        where a.tenant_id = $1 and a.template_id = t.template_id
        order by a.locale) as locales,
    v.template_version_id, v.number, v.locale, v.subject, v.text_body, v.html_body, v.sms_body,
    v.created_at as version_created_at
from template t
join template_variant c on c.tenant_id = $1 and c.template_id = t.template_id and c.locale = coalesce($3, t.default_locale)
join template_version v on v.tenant_id = $1 and v.template_version_id = c.template_version_id
where t.tenant_id = $1 and t.template_id = $2;

-- name: template_page(tenant uuid, before uuid?, count bigint)
--+ -> template_id uuid, name text, created_at timestamptz, default_locale text, locales text[],
--+ template_version_id uuid, number integer, locale text, subject text, text_body text, html_body text,
--+ sms_body text?, version_created_at timestamptz
-- Newest first, each with its current text in its default language.
select t.template_id, t.name, t.created_at, t.default_locale, array(
        select a.locale from template_variant a
        where a.tenant_id = $1 and a.template_id = t.template_id
        order by a.locale) as locales,
    v.template_version_id, v.number, v.locale, v.subject, v.text_body, v.html_body, v.sms_body,
    v.created_at as version_created_at
from template t
join template_variant c on c.tenant_id = $1 and c.template_id = t.template_id and c.locale = t.default_locale
join template_version v on v.tenant_id = $1 and v.template_version_id = c.template_version_id
where t.tenant_id = $1 and ($2::uuid is null or t.template_id < $2)
order by t.template_id desc
limit $3;

-- name: template_variants(tenant uuid, templates uuid[])
--+ -> template_id uuid, default_locale text, locale text, template_version_id uuid, has_mail bool, has_sms bool
-- In which languages these templates are written, and for which channels, without the texts.
select c.template_id, t.default_locale, c.locale, c.template_version_id, v.subject <> '' as has_mail,
    v.sms_body is not null as has_sms
from template_variant c
join template t on t.tenant_id = $1 and t.template_id = c.template_id
join template_version v on v.tenant_id = $1 and v.template_version_id = c.template_version_id
where c.tenant_id = $1 and c.template_id = any ($2);

-- name: template_sources(tenant uuid, versions uuid[])
--+ -> template_version_id uuid, subject text, text_body text, html_body text, sms_body text?
-- The texts of these versions.
select v.template_version_id, v.subject, v.text_body, v.html_body, v.sms_body
from template_version v
where v.tenant_id = $1 and v.template_version_id = any ($2);

-- name: template_readers(tenant uuid) -> locale text
-- What customers and brands read, each once. The index of customers is read from one language to the next, so that a
-- million of them cost as much as the languages they speak.
with recursive language as (
    (
        select min(c.locale) as locale
        from customer c
        where c.tenant_id = $1 and c.locale is not null
    )
    union all
    select (
        select min(c.locale)
        from customer c
        where c.tenant_id = $1 and c.locale > l.locale
    )
    from language l
    where l.locale is not null
)
select l.locale
from language l
where l.locale is not null
union
select b.locale
from brand b
where b.tenant_id = $1;

-- name: template_workflows(tenant uuid, template uuid) -> workflow_id uuid
-- The workflows whose current version sends this template.
select distinct w.workflow_id
from workflow w
join workflow_step s on s.tenant_id = $1 and s.workflow_version_id = w.current_version_id
where w.tenant_id = $1 and s.template_id = $2;
