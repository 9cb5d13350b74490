-- name: activation_debt(tenant uuid, statuses text[], brands uuid[], last_due date[], first_due date[], at timestamptz)
--+ -> currency text, workflow_version_id uuid, brand_id uuid, anchor_due date, prior_stage integer, cases bigint,
--+ invoices bigint, amount bigint
-- Overdue debt of the cases in question, summed by the due date of each case's anchor: as many rows as there are such
-- dates, however many customers. Invoices on hold, promised or disputed, money under way and instalments to come are not
-- asked for.
select d.currency, d.workflow_version_id, d.brand_id, d.anchor_due, d.prior_stage, count(*) as cases,
    sum(d.invoices)::bigint as invoices, sum(d.amount)::bigint as amount
from (
    select e.enrolment_id, e.currency, e.workflow_version_id, e.brand_id, e.prior_stage, min(v.due_date) as anchor_due,
        count(*) as invoices, sum(c.collectable) as amount
    from enrolment e
    join unnest($3, $4, $5) as b (brand_id, last_due, first_due) on b.brand_id = e.brand_id
    join brand z on z.tenant_id = $1 and z.brand_id = e.brand_id
    join invoice v on v.tenant_id = $1 and v.customer_id = e.customer_id and v.brand_id = e.brand_id
        and v.currency = e.currency and v.settled_at is null
        and v.due_date <= b.last_due and v.due_date >= b.first_due
    left join tolerance t on t.tenant_id = $1 and t.currency = v.currency
    cross join lateral (
        select coalesce(sum(l.amount), 0) - coalesce(
            (select sum(m.amount) from in_flight m
            where m.tenant_id = $1 and m.invoice_id = v.invoice_id and m.expires_at > $6), 0) - coalesce(
            (select coalesce(q.amount, 9223372036854775807) from dispute q
            where q.tenant_id = $1 and q.invoice_id = v.invoice_id and q.resolved_at is null), 0) - coalesce(
            (select sum(i.amount) from invoice_term i
            where i.tenant_id = $1 and i.invoice_id = v.invoice_id and i.until_day = 'infinity'
                and i.due_date > b.last_due), 0) as collectable
        from ledger_entry l
        where l.tenant_id = $1 and l.invoice_id = v.invoice_id
    ) c
    where e.tenant_id = $1 and e.status = any ($2) and e.track = 'receivable' and c.collectable > coalesce(t.amount, 0)
        and not exists (
            select 1 from hold h
            where h.tenant_id = $1 and h.customer_id = e.customer_id and h.released_at is null and h.from_at <= $6
                and (h.until_at is null or h.until_at > $6)
                and (h.invoice_id is null or h.invoice_id = v.invoice_id)
        )
        and not exists (
            select 1 from promise_invoice k
            join promise p on p.tenant_id = $1 and p.promise_id = k.promise_id and p.cancelled_on is null
            where k.tenant_id = $1 and k.invoice_id = v.invoice_id
                and (p.due_on + 3)::timestamp at time zone z.zone > $6
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
join brand z on z.tenant_id = $1 and z.brand_id = e.brand_id
join invoice v on v.tenant_id = $1 and v.customer_id = e.customer_id and v.brand_id = e.brand_id
    and v.currency = e.currency and v.settled_at is null
    and v.due_date <= b.last_due and v.due_date >= b.first_due
left join tolerance t on t.tenant_id = $1 and t.currency = v.currency
cross join lateral (
    select coalesce(sum(l.amount), 0) - coalesce(
        (select sum(m.amount) from in_flight m
        where m.tenant_id = $1 and m.invoice_id = v.invoice_id and m.expires_at > $6), 0) - coalesce(
        (select coalesce(q.amount, 9223372036854775807) from dispute q
        where q.tenant_id = $1 and q.invoice_id = v.invoice_id and q.resolved_at is null), 0) - coalesce(
        (select sum(i.amount) from invoice_term i
        where i.tenant_id = $1 and i.invoice_id = v.invoice_id and i.until_day = 'infinity'
            and i.due_date > b.last_due), 0) as collectable
    from ledger_entry l
    where l.tenant_id = $1 and l.invoice_id = v.invoice_id
) c
where e.tenant_id = $1 and e.status = any ($2) and e.track = 'receivable' and c.collectable > coalesce(t.amount, 0)
    and not exists (
        select 1 from hold h
        where h.tenant_id = $1 and h.customer_id = e.customer_id and h.released_at is null and h.from_at <= $6
            and (h.until_at is null or h.until_at > $6)
            and (h.invoice_id is null or h.invoice_id = v.invoice_id)
    )
    and not exists (
        select 1 from promise_invoice k
        join promise p on p.tenant_id = $1 and p.promise_id = k.promise_id and p.cancelled_on is null
        where k.tenant_id = $1 and k.invoice_id = v.invoice_id
            and (p.due_on + 3)::timestamp at time zone z.zone > $6
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
