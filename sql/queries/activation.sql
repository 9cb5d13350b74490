-- name: activation_debt(tenant uuid, statuses text[], brands uuid[], last_due date[], first_due date[], at timestamptz)
--+ -> currency text, workflow_version_id uuid, brand_id uuid, anchor_due date, prior_stage integer, cases bigint,
--+ invoices bigint, amount bigint
-- Overdue debt of the cases in question, summed by the due date of each case's anchor: as many rows as there are such
-- dates, however many customers. Invoices on hold and money under way are not asked for.
select d.currency, d.workflow_version_id, d.brand_id, d.anchor_due, d.prior_stage, count(*) as cases,
    sum(d.invoices)::bigint as invoices, sum(d.amount)::bigint as amount
from (
    select e.enrolment_id, e.currency, e.workflow_version_id, e.brand_id, e.prior_stage, min(v.due_date) as anchor_due,
        count(*) as invoices, sum(v.total - c.covered) as amount
    from enrolment e
    join unnest($3, $4, $5) as b (brand_id, last_due, first_due) on b.brand_id = e.brand_id
    join invoice v on v.tenant_id = $1 and v.customer_id = e.customer_id and v.brand_id = e.brand_id
        and v.currency = e.currency and v.settled_at is null
        and v.due_date <= b.last_due and v.due_date >= b.first_due
    cross join lateral (
        select coalesce(sum(a.amount), 0) as covered
        from allocation a
        join payment p on p.tenant_id = $1 and p.payment_id = a.payment_id
        where a.tenant_id = $1 and a.invoice_id = v.invoice_id
            and (p.status = 'succeeded'
                or p.recorded_at + case when p.method = 'card' then '5 days'::interval else '10 days'::interval end > $6)
    ) c
    where e.tenant_id = $1 and e.status = any ($2) and e.track = 'receivable' and v.total > c.covered
        and not exists (
            select 1 from hold h
            where h.tenant_id = $1 and h.customer_id = e.customer_id and h.released_at is null and h.from_at <= $6
                and (h.until_at is null or h.until_at > $6)
                and (h.invoice_id is null or h.invoice_id = v.invoice_id)
        )
    group by e.enrolment_id, e.currency, e.workflow_version_id, e.brand_id, e.prior_stage
) d
group by d.currency, d.workflow_version_id, d.brand_id, d.anchor_due, d.prior_stage
order by d.currency, d.brand_id, d.anchor_due, d.workflow_version_id, d.prior_stage;

-- name: activation_customers(tenant uuid, statuses text[], brands uuid[], last_due date[], first_due date[],
--+ at timestamptz)
--+ -> customers bigint
-- The same debt, counted by customer: one may have cases in two currencies.
select count(distinct e.customer_id) as customers
from enrolment e
join unnest($3, $4, $5) as b (brand_id, last_due, first_due) on b.brand_id = e.brand_id
join invoice v on v.tenant_id = $1 and v.customer_id = e.customer_id and v.brand_id = e.brand_id
    and v.currency = e.currency and v.settled_at is null
    and v.due_date <= b.last_due and v.due_date >= b.first_due
cross join lateral (
    select coalesce(sum(a.amount), 0) as covered
    from allocation a
    join payment p on p.tenant_id = $1 and p.payment_id = a.payment_id
    where a.tenant_id = $1 and a.invoice_id = v.invoice_id
        and (p.status = 'succeeded'
            or p.recorded_at + case when p.method = 'card' then '5 days'::interval else '10 days'::interval end > $6)
) c
where e.tenant_id = $1 and e.status = any ($2) and e.track = 'receivable' and v.total > c.covered
    and not exists (
        select 1 from hold h
        where h.tenant_id = $1 and h.customer_id = e.customer_id and h.released_at is null and h.from_at <= $6
            and (h.until_at is null or h.until_at > $6)
            and (h.invoice_id is null or h.invoice_id = v.invoice_id)
    );

-- name: activation_go_live(tenant uuid, at timestamptz)
-- From now on messages may leave. The first activation's date stays.
update tenant
set mode = 'live', activated_at = coalesce(activated_at, $2)
where tenant_id = $1;

-- name: activation_old_invoices(tenant uuid, statuses text[], brands uuid[], first_due date[], at timestamptz)
--+ -> invoice_id uuid, customer_id uuid
-- Open invoices due before the day from which debt is to be asked for, and not held yet.
select v.invoice_id, v.customer_id
from enrolment e
join unnest($3, $4) as b (brand_id, first_due) on b.brand_id = e.brand_id
join invoice v on v.tenant_id = $1 and v.customer_id = e.customer_id and v.brand_id = e.brand_id
    and v.currency = e.currency and v.settled_at is null and v.due_date < b.first_due
where e.tenant_id = $1 and e.status = any ($2) and e.track = 'receivable'
    and not exists (
        select 1 from hold h
        where h.tenant_id = $1 and h.customer_id = v.customer_id and h.invoice_id = v.invoice_id
            and h.released_at is null and h.from_at <= $5 and (h.until_at is null or h.until_at > $5)
    )
order by v.invoice_id;

-- name: activation_cases(tenant uuid, statuses text[])
--+ -> customer_id uuid
-- Whose cases are to be entered.
select distinct customer_id
from enrolment
where tenant_id = $1 and status = any ($2)
order by customer_id;

-- name: activation_enter(tenant uuid, statuses text[], customers uuid[], entry_policy text)
-- How these cases enter; the drain plans them. Locked before by the planner's own lock, in id order.
update enrolment
set entry_policy = $4, dirty = true
where tenant_id = $1 and status = any ($2) and customer_id = any ($3);
