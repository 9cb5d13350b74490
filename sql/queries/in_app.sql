-- name: in_app_insert(tenant uuid, id uuid, customer uuid, enrolment uuid, step_run uuid, brand uuid, stage integer,
--+ locale text, subject text, text_body text, html_body text, at timestamptz)
-- Said once for a step.
insert into in_app (
    tenant_id, in_app_id, customer_id, enrolment_id, step_run_id, brand_id, stage, locale, subject, text_body, html_body,
    created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: in_app_page(tenant uuid, customer uuid, before uuid?, count bigint)
--+ -> in_app_id uuid, customer_id uuid, enrolment_id uuid, brand_id uuid, stage integer, locale text, subject text,
--+ text_body text, html_body text, created_at timestamptz
-- Newest first.
select in_app_id, customer_id, enrolment_id, brand_id, stage, locale, subject, text_body, html_body, created_at
from in_app
where tenant_id = $1 and customer_id = $2 and ($3::uuid is null or in_app_id < $3)
order by in_app_id desc
limit $4;
