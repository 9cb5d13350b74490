-- name: workflow_insert(tenant uuid, workflow uuid, name text, created_at timestamptz)
-- Its steps follow as its first version.
insert into workflow (tenant_id, workflow_id, name, created_at)
values ($1, $2, $3, $4);

-- name: workflow_lock(tenant uuid, workflow uuid) -> workflow_id uuid
-- Versions are numbered one after the other.
select workflow_id
from workflow
where tenant_id = $1 and workflow_id = $2
for no key update;

-- name: workflow_version_insert(tenant uuid, version uuid, workflow uuid, number integer, escalation_gap integer,
--+ published_at timestamptz, limits jsonb, listens bool)
-- Versions are never changed: a case ends under the version it began with.
insert into workflow_version (
    tenant_id, workflow_version_id, workflow_id, number, escalation_gap_days, published_at, limits, listens)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: workflow_step_insert(tenant uuid, version uuid, step_key text, position integer, kind text, timing text,
--+ days integer, template uuid?, tier text, wait_for_outcome bool, deadline integer, script text?,
--+ fallback text?, options jsonb?)
-- One step of a new version; a version has at most a few dozen.
insert into workflow_step (
    tenant_id, workflow_version_id, step_key, position, kind, timing, days, template_id, tier, wait_for_outcome,
    deadline_business_days, script, fallback, options)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: workflow_publish(tenant uuid, workflow uuid, version uuid)
-- The version that new cases begin with from now on.
update workflow
set current_version_id = $3
where tenant_id = $1 and workflow_id = $2;

-- name: workflow_set_kill_switch(tenant uuid, workflow uuid, kill_switch bool)
-- Locks no case: the gate reads the switch when it arms a message.
update workflow
set kill_switch = $3
where tenant_id = $1 and workflow_id = $2;

-- name: workflow_set_archived(tenant uuid, workflow uuid, archived_at timestamptz?)
-- Locks no case: who opens one looks at it first.
update workflow
set archived_at = $3
where tenant_id = $1 and workflow_id = $2;

-- name: workflow_archived(tenant uuid) -> workflow_id uuid, archived_at timestamptz
-- Which no new case follows; few rows.
select w.workflow_id, w.archived_at
from workflow w
where w.tenant_id = $1 and w.archived_at is not null;

-- name: workflow_places(tenant uuid, workflow uuid) -> place text
-- What names it for many customers.
select 'the tenant' as place
from tenant t
where t.tenant_id = $1 and t.workflow_id = $2
union all
select 'the brand ' || b.name
from brand b
where b.tenant_id = $1 and b.workflow_id = $2
union all
select 'the rule ' || r.name
from assignment_rule r
where r.tenant_id = $1 and r.workflow_id = $2
limit 10;

-- name: workflow_by_id(tenant uuid, workflow uuid)
--+ -> workflow_id uuid, name text, kill_switch bool, created_at timestamptz, workflow_version_id uuid, number integer,
--+ escalation_gap_days integer, published_at timestamptz, limits jsonb?, archived_at timestamptz?, is_draining bool
-- The workflow with its current version.
select w.workflow_id, w.name, w.kill_switch, w.created_at, v.workflow_version_id, v.number, v.escalation_gap_days,
    v.published_at, v.limits, w.archived_at,
    w.archived_at is not null and exists (
        select 1
        from workflow_version o
        join enrolment e on e.tenant_id = $1 and e.workflow_version_id = o.workflow_version_id
            and e.status in ('pending', 'active', 'exhausted', 'handed_over')
        where o.tenant_id = $1 and o.workflow_id = w.workflow_id) as is_draining
from workflow w
join workflow_version v on v.tenant_id = $1 and v.workflow_version_id = w.current_version_id
where w.tenant_id = $1 and w.workflow_id = $2;

-- name: workflow_page(tenant uuid, before uuid?, count bigint)
--+ -> workflow_id uuid, name text, kill_switch bool, created_at timestamptz, workflow_version_id uuid, number integer,
--+ escalation_gap_days integer, published_at timestamptz, limits jsonb?, archived_at timestamptz?, is_draining bool
-- Newest first, each with its current version.
select w.workflow_id, w.name, w.kill_switch, w.created_at, v.workflow_version_id, v.number, v.escalation_gap_days,
    v.published_at, v.limits, w.archived_at,
    w.archived_at is not null and exists (
        select 1
        from workflow_version o
        join enrolment e on e.tenant_id = $1 and e.workflow_version_id = o.workflow_version_id
            and e.status in ('pending', 'active', 'exhausted', 'handed_over')
        where o.tenant_id = $1 and o.workflow_id = w.workflow_id) as is_draining
from workflow w
join workflow_version v on v.tenant_id = $1 and v.workflow_version_id = w.current_version_id
where w.tenant_id = $1 and ($2::uuid is null or w.workflow_id < $2)
order by w.workflow_id desc
limit $3;

-- name: workflow_steps(tenant uuid, versions uuid[])
--+ -> workflow_version_id uuid, step_key text, kind text, timing text, days integer, template_id uuid?, tier text,
--+ wait_for_outcome bool, deadline_business_days integer, script text?, fallback text?, options jsonb?
-- The steps of a page of versions in one go.
select workflow_version_id, step_key, kind, timing, days, template_id, tier, wait_for_outcome, deadline_business_days,
    script, fallback, options
from workflow_step
where tenant_id = $1 and workflow_version_id = any ($2)
order by workflow_version_id, position;

-- name: workflow_named(tenant uuid, name text)
--+ -> workflow_id uuid, name text, kill_switch bool, created_at timestamptz, workflow_version_id uuid, number integer,
--+ escalation_gap_days integer, published_at timestamptz, limits jsonb?, archived_at timestamptz?, is_draining bool
-- The workflow of this name with its current version.
select w.workflow_id, w.name, w.kill_switch, w.created_at, v.workflow_version_id, v.number, v.escalation_gap_days,
    v.published_at, v.limits, w.archived_at,
    w.archived_at is not null and exists (
        select 1
        from workflow_version o
        join enrolment e on e.tenant_id = $1 and e.workflow_version_id = o.workflow_version_id
            and e.status in ('pending', 'active', 'exhausted', 'handed_over')
        where o.tenant_id = $1 and o.workflow_id = w.workflow_id) as is_draining
from workflow w
join workflow_version v on v.tenant_id = $1 and v.workflow_version_id = w.current_version_id
where w.tenant_id = $1 and w.name = $2;

-- name: workflow_templates(tenant uuid) -> template_id uuid, name text
-- The names by which a document speaks of templates.
select t.template_id, t.name from template t where t.tenant_id = $1;

-- name: workflow_following(tenant uuid, workflow uuid) -> customers bigint
-- How many customers have open cases under any version of it.
select count(distinct e.customer_id) as customers
from workflow_version v
join enrolment e on e.tenant_id = $1 and e.workflow_version_id = v.workflow_version_id
    and e.status in ('pending', 'active', 'exhausted', 'handed_over')
where v.tenant_id = $1 and v.workflow_id = $2;

-- name: workflow_versions_up_to(tenant uuid, version uuid) -> workflow_version_id uuid, number integer
-- This version and all before it.
select v.workflow_version_id, v.number
from workflow_version t
join workflow_version v on v.tenant_id = $1 and v.workflow_id = t.workflow_id and v.number <= t.number
where t.tenant_id = $1 and t.workflow_version_id = $2;

-- name: workflow_to_move(tenant uuid, version uuid, limit integer) -> customer_id uuid
-- Customers whose cases follow a version older than this one; a step on the wire is waited for.
select distinct d.customer_id
from (
    select e.customer_id
    from workflow_version t
    join workflow_version v on v.tenant_id = $1 and v.workflow_id = t.workflow_id and v.number < t.number
    join enrolment e on e.tenant_id = $1 and e.workflow_version_id = v.workflow_version_id
        and e.status in ('pending', 'active', 'exhausted', 'handed_over')
    where t.tenant_id = $1 and t.workflow_version_id = $2
        and not exists (
            select 1 from step_run s
            where s.tenant_id = $1 and s.enrolment_id = e.enrolment_id and s.state = 'sending')
    order by e.enrolment_id
    limit $3
) d;

-- name: workflow_left_behind(tenant uuid, version uuid) -> is_any bool
-- Whether any open case still follows a version older than this one.
select exists (
    select 1
    from workflow_version t
    join workflow_version v on v.tenant_id = $1 and v.workflow_id = t.workflow_id and v.number < t.number
    join enrolment e on e.tenant_id = $1 and e.workflow_version_id = v.workflow_version_id
        and e.status in ('pending', 'active', 'exhausted', 'handed_over')
    where t.tenant_id = $1 and t.workflow_version_id = $2) as is_any;

-- name: workflow_follow(tenant uuid, enrolments uuid[], version uuid)
-- These locked cases follow another version from now on.
update enrolment
set workflow_version_id = $3
where tenant_id = $1 and enrolment_id = any ($2);
