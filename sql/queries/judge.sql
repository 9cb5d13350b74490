-- name: judge_tenants(at timestamptz) -> tenant_id uuid
-- Tenants with a promise or an instalment whose day and grace have passed. A look into an index for each tenant.
select t.tenant_id
from tenant t
where exists (
        select 1
        from promise p
        where p.tenant_id = t.tenant_id and p.standing is null and p.cancelled_on is null and p.check_at <= $1)
    or exists (
        select 1
        from payment_plan n
        where n.tenant_id = t.tenant_id and n.state = 'running' and n.check_at <= $1);

-- name: judge_promises(tenant uuid, at timestamptz, count integer) -> promise_id uuid, customer_id uuid
-- The first of them. Nothing is locked yet: the cases come before.
select p.promise_id, p.customer_id
from promise p
where p.tenant_id = $1 and p.standing is null and p.cancelled_on is null and p.check_at <= $2
order by p.check_at, p.promise_id
limit $3;

-- name: judge_plans(tenant uuid, at timestamptz, count integer) -> payment_plan_id uuid, customer_id uuid
-- The same of instalments.
select n.payment_plan_id, n.customer_id
from payment_plan n
where n.tenant_id = $1 and n.state = 'running' and n.check_at <= $2
order by n.check_at, n.payment_plan_id
limit $3;

-- name: judge_received(tenant uuid, invoices uuid[], since date, until date) -> received bigint
-- Money that came for these invoices in these days, less what was taken back: the rule of the rates of kept promises.
select coalesce(-sum(e.amount), 0)::bigint as received
from ledger_entry e
left join payment y on y.tenant_id = $1 and y.payment_id = e.payment_id
where e.tenant_id = $1 and e.invoice_id = any ($2) and e.value_date >= $3 and e.value_date <= $4
    and e.kind in ('payment', 'transfer', 'reversal') and y.kind = 'payment';

-- name: judge_promise(tenant uuid, promise uuid, standing text, at timestamptz)
-- Once.
update promise p
set standing = $3, judged_at = $4
where p.tenant_id = $1 and p.promise_id = $2 and p.standing is null and p.cancelled_on is null;

-- name: judge_broken_before(tenant uuid, customer uuid, brand uuid, currency text) -> broken bigint
-- Promises about this debt that were not kept: since its case was opened.
select count(*) as broken
from promise p
where p.tenant_id = $1 and p.customer_id = $2 and p.brand_id = $3 and p.currency = $4
    and p.standing in ('broken', 'partly_kept')
    and p.judged_at >= (
        select e.opened_at
        from enrolment e
        where e.tenant_id = $1 and e.customer_id = $2 and e.brand_id = $3 and e.currency = $4
            and e.status in ('pending', 'active', 'exhausted', 'handed_over')
        limit 1);
