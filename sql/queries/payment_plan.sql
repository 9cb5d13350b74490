-- name: payment_plan_add(tenant uuid, plan uuid, customer uuid, brand uuid, currency text, made date, note text,
--+ check_at timestamptz, at timestamptz)
-- Instalments by agreement.
insert into payment_plan (
    tenant_id, payment_plan_id, customer_id, brand_id, currency, made_on, note, state, check_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, 'running', $8, $9);

-- name: payment_plan_add_parts(tenant uuid, plan uuid, numbers integer[], dues date[], amounts bigint[])
-- When how much is paid.
insert into payment_plan_part (tenant_id, payment_plan_id, number, due_on, amount)
select $1, $2, x.number, x.due_on, x.amount
from unnest($3, $4, $5) x (number, due_on, amount)
returning payment_plan_part.number;

-- name: payment_plan_add_invoices(tenant uuid, plan uuid, invoices uuid[])
-- And for which invoices.
insert into payment_plan_invoice (tenant_id, payment_plan_id, invoice_id)
select $1, $2, x.invoice_id
from unnest($3) x (invoice_id)
returning payment_plan_invoice.invoice_id;

-- name: payment_plan_list(tenant uuid, only uuid?, customer uuid?, state text?, before uuid?, count integer)
--+ -> payment_plan_id uuid, customer_id uuid, brand_id uuid, currency text, made_on date, note text, state text,
--+ check_at timestamptz?, created_at timestamptz, ended_at timestamptz?, dues date[], amounts bigint[], invoices uuid[]
-- One of them as shown, or a page, newest first.
select p.payment_plan_id, p.customer_id, p.brand_id, p.currency, p.made_on, p.note, p.state, p.check_at, p.created_at,
    p.ended_at, a.dues, a.amounts, k.invoices
from payment_plan p
cross join lateral (
    select coalesce(array_agg(x.due_on order by x.number), '{}') as dues,
        coalesce(array_agg(x.amount order by x.number), '{}') as amounts
    from payment_plan_part x
    where x.tenant_id = $1 and x.payment_plan_id = p.payment_plan_id
) a
cross join lateral (
    select coalesce(array_agg(i.invoice_id order by i.invoice_id), '{}') as invoices
    from payment_plan_invoice i
    where i.tenant_id = $1 and i.payment_plan_id = p.payment_plan_id
) k
where p.tenant_id = $1 and ($2::uuid is null or p.payment_plan_id = $2) and ($3::uuid is null or p.customer_id = $3)
    and ($4::text is null or p.state = $4) and ($5::uuid is null or p.payment_plan_id < $5)
order by p.payment_plan_id desc
limit $6;

-- name: payment_plan_running(tenant uuid, invoices uuid[]) -> payment_plan_id uuid
-- Plans that still run and name any of these invoices.
select distinct p.payment_plan_id
from payment_plan_invoice i
join payment_plan p on p.tenant_id = $1 and p.payment_plan_id = i.payment_plan_id
where i.tenant_id = $1 and i.invoice_id = any ($2) and p.state = 'running'
order by p.payment_plan_id;

-- name: payment_plan_end(tenant uuid, plan uuid, state text, at timestamptz)
-- Once: a plan that has ended stays as it ended.
update payment_plan p
set state = $3, check_at = null, ended_at = $4
where p.tenant_id = $1 and p.payment_plan_id = $2 and p.state = 'running';

-- name: payment_plan_watch(tenant uuid, plan uuid, check_at timestamptz)
-- This instalment is paid: the next is looked at then.
update payment_plan p
set check_at = $3
where p.tenant_id = $1 and p.payment_plan_id = $2 and p.state = 'running';
