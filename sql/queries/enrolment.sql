-- name: enrolment_lock(tenant uuid, customers uuid[]) -> enrolment_id uuid
-- The mutex of everything that changes what may be asked of these customers: all open cases, in id order.
select e.enrolment_id
from enrolment e
where e.tenant_id = $1 and e.customer_id = any ($2) and e.status in ('pending', 'active', 'exhausted', 'handed_over')
order by e.enrolment_id
for no key update;

-- name: enrolment_lock_free(tenant uuid, customers uuid[]) -> enrolment_id uuid, customer_id uuid
-- The same locks for arming, without waiting: a case somebody else is changing is left for a second later.
select e.enrolment_id, e.customer_id
from enrolment e
where e.tenant_id = $1 and e.customer_id = any ($2) and e.status in ('pending', 'active', 'exhausted', 'handed_over')
order by e.enrolment_id
for no key update skip locked;

-- name: enrolment_open_of(tenant uuid, customers uuid[]) -> enrolment_id uuid, customer_id uuid
-- What should have been locked; the difference to enrolment_lock_free is busy.
select e.enrolment_id, e.customer_id
from enrolment e
where e.tenant_id = $1 and e.customer_id = any ($2) and e.status in ('pending', 'active', 'exhausted', 'handed_over');

-- name: enrolment_customer(tenant uuid, enrolment uuid) -> customer_id uuid
-- Whose case it is; that changes only when customers are merged.
select e.customer_id from enrolment e where e.tenant_id = $1 and e.enrolment_id = $2;

-- name: enrolment_wanted(tenant uuid, customers uuid[])
--+ -> customer_id uuid, brand_id uuid, currency text, invoice_workflow uuid?, customer_workflow uuid?,
--+ brand_workflow uuid?, tenant_workflow uuid?, exclusion text?, prior_cycle integer, prior_stage integer
-- Where a case should be open and is not: an open invoice with a due date, more to collect than there is credit, and no
-- case for its brand and currency. The anchor is the oldest: of one day the larger, then the earlier recorded.
select w.customer_id, w.brand_id, w.currency, w.invoice_workflow, c.workflow_id as customer_workflow,
    b.workflow_id as brand_workflow, t.workflow_id as tenant_workflow, c.exclusion,
    coalesce(p.cycle, 0) as prior_cycle, coalesce(p.stage, 0) as prior_stage
from (
    select k.customer_id, k.brand_id, k.currency, x.invoice_workflow
    from (
        select distinct v.customer_id, v.brand_id, v.currency
        from invoice v
        where v.tenant_id = $1 and v.customer_id = any ($2) and v.settled_at is null
    ) k
    cross join lateral (
        select (array_agg(v.workflow_id order by v.due_date, v.total desc, v.invoice_id))[1] as invoice_workflow
        from invoice v
        left join tolerance t on t.tenant_id = $1 and t.currency = v.currency
        cross join lateral (
            select coalesce(sum(e.amount), 0) as balance
            from ledger_entry e
            where e.tenant_id = $1 and e.invoice_id = v.invoice_id
        ) a
        where v.tenant_id = $1 and v.customer_id = k.customer_id and v.brand_id = k.brand_id
            and v.currency = k.currency and v.settled_at is null and a.balance > coalesce(t.amount, 0)
        having bool_or(v.due_date is not null) and sum(a.balance) > (
            select coalesce(sum(p.unallocated), 0)
            from payment p
            where p.tenant_id = $1 and p.customer_id = k.customer_id and p.brand_id = k.brand_id
                and p.currency = k.currency and p.unallocated > 0)
    ) x
    -- Looked up one by one: an anti-join of tables without statistics may read all for each.
    where (
        select true
        from enrolment e
        where e.tenant_id = $1 and e.customer_id = k.customer_id and e.brand_id = k.brand_id
            and e.currency = k.currency and e.track = 'receivable'
            and e.status in ('pending', 'active', 'exhausted', 'handed_over')
        limit 1
    ) is null
) w
join customer c on c.tenant_id = $1 and c.customer_id = w.customer_id
join brand b on b.tenant_id = $1 and b.brand_id = w.brand_id
join tenant t on t.tenant_id = $1
left join lateral (
    select e.cycle, e.stage
    from enrolment e
    where e.tenant_id = $1 and e.customer_id = w.customer_id and e.brand_id = w.brand_id
        and e.currency = w.currency and e.track = 'receivable'
    order by e.cycle desc limit 1
) p on true;

-- name: enrolment_current_versions(tenant uuid, workflows uuid[]) -> workflow_id uuid, version_id uuid
-- The version a new case follows.
select w.workflow_id, w.current_version_id as version_id
from workflow w
where w.tenant_id = $1 and w.workflow_id = any ($2) and w.current_version_id is not null;

-- name: enrolment_insert(tenant uuid, ids uuid[], customers uuid[], brands uuid[], currencies text[], versions uuid[], cycles integer[], prior_stages integer[], entries text[], assignments text[], at timestamptz) -> enrolment_id uuid
-- Opens cases; the partial unique index decides races, not us. Which were opened.
insert into enrolment (
    tenant_id, enrolment_id, customer_id, brand_id, currency, track, workflow_version_id, status, cycle, prior_stage,
    entry_policy, opened_at, assignment)
select $1, x.id, x.customer_id, x.brand_id, x.currency, 'receivable', x.version_id, 'active', x.cycle, x.prior_stage,
    x.entry, $11, x.assignment::jsonb
from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10)
    x (id, customer_id, brand_id, currency, version_id, cycle, prior_stage, entry, assignment)
on conflict do nothing
returning enrolment.enrolment_id;

-- name: enrolment_update(tenant uuid, ids uuid[], statuses text[], exits text[], stages integer[], positions text[], position_days text[], anchors text[], contact_days text[], entries text[], at timestamptz, next_steps text[], rounds integer[], heard integer[])
-- Writes what the planner made of locked cases. Empty texts stand for NULL.
update enrolment e
set status = x.status, exit_reason = nullif(x.exit_reason, ''), stage = x.stage, position = nullif(x.position, ''),
    position_day = nullif(x.position_day, '')::date, anchor_invoice_id = nullif(x.anchor, '')::uuid,
    last_contact_day = nullif(x.contact_day, '')::date, entry_policy = nullif(x.entry, ''), dirty = false,
    closed_at = case when x.status = 'exited' then $11 else null end, next_step = nullif(x.next_step, ''),
    round = x.round, heard = x.heard
from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $12, $13, $14)
    x (id, status, exit_reason, stage, position, position_day, anchor, contact_day, entry, next_step, round, heard)
where e.tenant_id = $1 and e.enrolment_id = x.id;

-- name: enrolment_mark_dirty(tenant uuid, customers uuid[])
-- Last statement of a bulk write, on cases locked before: the drain re-plans them, the gate waits meanwhile.
update enrolment e set dirty = true
where e.tenant_id = $1 and e.customer_id = any ($2) and e.status in ('pending', 'active', 'exhausted', 'handed_over');

-- name: enrolment_dirty(tenant uuid, limit integer, halves integer[], after uuid) -> enrolment_id uuid, customer_id uuid
-- Cases to re-plan of customers of these halves (0, 1), in order, after a place.
select d.enrolment_id, d.customer_id from cases_to_plan($1, $2, $3, $4) d;
