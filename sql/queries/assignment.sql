-- name: assignment_rule_add(tenant uuid, rule uuid, name text, priority integer, brand uuid?, condition jsonb, workflow uuid?, at timestamptz)
-- No row is written when the name is taken.
insert into assignment_rule (
    tenant_id, assignment_rule_id, name, priority, brand_id, condition, workflow_id, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
on conflict on constraint assignment_rule_name_key do nothing;

-- name: assignment_rule_change(tenant uuid, rule uuid, name text, priority integer, brand uuid?, condition jsonb, workflow uuid?, at timestamptz)
-- For cases opened from now on, and for runs of reassignment.
update assignment_rule
set name = $3, priority = $4, brand_id = $5, condition = $6, workflow_id = $7, updated_at = $8
where tenant_id = $1 and assignment_rule_id = $2;

-- name: assignment_rule_delete(tenant uuid, rule uuid)
-- Cases keep the workflow it gave them, and the trace says that it did.
delete from assignment_rule where tenant_id = $1 and assignment_rule_id = $2;

-- name: assignment_rule_lock(tenant uuid, rule uuid) -> assignment_rule_id uuid
-- For a change that starts from the present values.
select assignment_rule_id
from assignment_rule
where tenant_id = $1 and assignment_rule_id = $2
for no key update;

-- name: assignment_rule_by_id(tenant uuid, rule uuid)
--+ -> assignment_rule_id uuid, name text, priority integer, brand_id uuid?, condition jsonb, workflow_id uuid?,
--+ created_at timestamptz, updated_at timestamptz
-- One rule as shown.
select assignment_rule_id, name, priority, brand_id, condition, workflow_id, created_at, updated_at
from assignment_rule
where tenant_id = $1 and assignment_rule_id = $2;

-- name: assignment_rule_page(tenant uuid, before uuid?, count bigint)
--+ -> assignment_rule_id uuid, name text, priority integer, brand_id uuid?, condition jsonb, workflow_id uuid?,
--+ created_at timestamptz, updated_at timestamptz
-- Newest first.
select assignment_rule_id, name, priority, brand_id, condition, workflow_id, created_at, updated_at
from assignment_rule
where tenant_id = $1 and ($2::uuid is null or assignment_rule_id < $2)
order by assignment_rule_id desc
limit $3;

-- name: assignment_rule_all(tenant uuid)
--+ -> assignment_rule_id uuid, name text, priority integer, brand_id uuid?, condition jsonb, workflow_id uuid?,
--+ created_at timestamptz, updated_at timestamptz
-- In the order in which they are asked; few rows, read whole.
select assignment_rule_id, name, priority, brand_id, condition, workflow_id, created_at, updated_at
from assignment_rule
where tenant_id = $1
order by priority, name;

-- name: assignment_pins(tenant uuid, enrolments uuid[])
--+ -> enrolment_id uuid, invoice_workflow uuid?, customer_workflow uuid?, brand_workflow uuid?, tenant_workflow uuid?,
--+ exclusion text?
-- What names a workflow for open cases, apart from rules. The anchor is the oldest open invoice: of one day the larger, then
-- the earlier recorded.
select e.enrolment_id, v.workflow_id as invoice_workflow, c.workflow_id as customer_workflow,
    b.workflow_id as brand_workflow, t.workflow_id as tenant_workflow, c.exclusion
from enrolment e
join customer c on c.tenant_id = $1 and c.customer_id = e.customer_id
join brand b on b.tenant_id = $1 and b.brand_id = e.brand_id
join tenant t on t.tenant_id = $1
left join lateral (
    select i.workflow_id
    from invoice i
    where i.tenant_id = $1 and i.customer_id = e.customer_id and i.brand_id = e.brand_id and i.currency = e.currency
        and i.settled_at is null and i.due_date is not null
    order by i.due_date, i.total desc, i.invoice_id
    limit 1
) v on true
where e.tenant_id = $1 and e.enrolment_id = any ($2);

-- name: assignment_reopen(tenant uuid, old uuid[], ids uuid[], versions uuid[], stages integer[], positions text[], assignments text[], at timestamptz)
--+ -> enrolment_id uuid, cycle integer
-- Cases that go on under another workflow: as they were, but for stage and position. Their old rows are closed before.
insert into enrolment (
    tenant_id, enrolment_id, customer_id, brand_id, currency, track, workflow_version_id, status, stage, cycle, prior_stage,
    position, anchor_invoice_id, last_contact_day, entry_policy, opened_at, assignment)
select $1, x.id, e.customer_id, e.brand_id, e.currency, e.track, x.version_id,
    case when e.entry_policy = 'review' then 'pending' else 'active' end, x.stage, e.cycle + 1, x.stage,
    nullif(x.position, ''), e.anchor_invoice_id, e.last_contact_day, e.entry_policy, $8, x.assignment::jsonb
from unnest($2, $3, $4, $5, $6, $7) x (old_id, id, version_id, stage, position, assignment)
join enrolment e on e.tenant_id = $1 and e.enrolment_id = x.old_id
on conflict do nothing
returning enrolment.enrolment_id, enrolment.cycle;

-- name: assignment_of(tenant uuid, customer uuid) -> enrolment_id uuid, workflow text, version integer, assignment jsonb?
-- Which workflow the open cases of a customer follow, and why.
select e.enrolment_id, w.name as workflow, v.number as version, e.assignment
from enrolment e
join workflow_version v on v.tenant_id = $1 and v.workflow_version_id = e.workflow_version_id
join workflow w on w.tenant_id = $1 and w.workflow_id = v.workflow_id
where e.tenant_id = $1 and e.customer_id = $2 and e.status in ('pending', 'active', 'exhausted', 'handed_over');

-- name: invoice_pin(tenant uuid, invoice uuid, workflow uuid?)
-- What the case follows whose oldest open invoice this is.
update invoice set workflow_id = $3 where tenant_id = $1 and invoice_id = $2;

-- name: reassignment_add(tenant uuid, reassignment uuid, dry_run bool, confirms uuid?, from_workflow uuid?, entry text,
--+ at timestamptz)
-- No row is written where what it confirms was confirmed before.
insert into reassignment (tenant_id, reassignment_id, dry_run, confirms, from_workflow_id, entry_policy, state, created_at)
values ($1, $2, $3, $4, $5, $6, 'running', $7)
on conflict (tenant_id, confirms) where confirms is not null do nothing;

-- name: reassignment_lock(tenant uuid, reassignment uuid) -> reassignment_id uuid
-- One worker at a time takes it on.
select reassignment_id from reassignment where tenant_id = $1 and reassignment_id = $2 for no key update;

-- name: reassignment_by_id(tenant uuid, reassignment uuid)
--+ -> reassignment_id uuid, dry_run bool, confirms uuid?, from_workflow_id uuid?, entry_policy text, state text, after_customer uuid?,
--+ customers bigint, kept bigint, moved bigint, opened bigint, excluded bigint, created_at timestamptz,
--+ finished_at timestamptz?
-- One run with how far it has come.
select reassignment_id, dry_run, confirms, from_workflow_id, entry_policy, state, after_customer, customers, kept, moved, opened, excluded,
    created_at, finished_at
from reassignment
where tenant_id = $1 and reassignment_id = $2;

-- name: reassignment_page(tenant uuid, before uuid?, count bigint)
--+ -> reassignment_id uuid, dry_run bool, confirms uuid?, from_workflow_id uuid?, entry_policy text, state text, after_customer uuid?,
--+ customers bigint, kept bigint, moved bigint, opened bigint, excluded bigint, created_at timestamptz,
--+ finished_at timestamptz?
-- Newest first.
select reassignment_id, dry_run, confirms, from_workflow_id, entry_policy, state, after_customer, customers, kept, moved, opened, excluded,
    created_at, finished_at
from reassignment
where tenant_id = $1 and ($2::uuid is null or reassignment_id < $2)
order by reassignment_id desc
limit $3;

-- name: reassignment_debtors(tenant uuid, after uuid?, count bigint, from_workflow uuid?) -> customer_id uuid
-- Who owes, in the order of ids, by the index of open invoices; where asked for, only those with a case that follows this
-- workflow.
select distinct v.customer_id
from invoice v
where v.tenant_id = $1 and v.settled_at is null and ($2::uuid is null or v.customer_id > $2)
    and ($4::uuid is null or exists (
        select 1
        from enrolment e
        join workflow_version o on o.tenant_id = $1 and o.workflow_version_id = e.workflow_version_id
            and o.workflow_id = $4
        where e.tenant_id = $1 and e.customer_id = v.customer_id
            and e.status in ('pending', 'active', 'exhausted', 'handed_over')))
order by v.customer_id
limit $3;

-- name: reassignment_advance(tenant uuid, reassignment uuid, after uuid, customers bigint, kept bigint, moved bigint, opened bigint, excluded bigint)
-- How far it has come, written with what it did.
update reassignment
set after_customer = $3, customers = customers + $4, kept = kept + $5, moved = moved + $6, opened = opened + $7,
    excluded = excluded + $8
where tenant_id = $1 and reassignment_id = $2;

-- name: reassignment_finish(tenant uuid, reassignment uuid, at timestamptz)
-- Nobody is left.
update reassignment set state = 'done', finished_at = $3
where tenant_id = $1 and reassignment_id = $2 and state = 'running';
