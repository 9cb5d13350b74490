-- name: promise_add(tenant uuid, promise uuid, customer uuid, brand uuid, currency text, amount bigint, made date, due date,
--+ note text, pauses bool, check_at timestamptz, at timestamptz)
-- What the customer said.
insert into promise (
    tenant_id, promise_id, customer_id, brand_id, currency, amount, made_on, due_on, note, pauses, check_at, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: promise_add_invoices(tenant uuid, promise uuid, invoices uuid[])
-- And for which invoices.
insert into promise_invoice (tenant_id, promise_id, invoice_id)
select $1, $2, x.invoice_id
from unnest($3) as x (invoice_id)
on conflict on constraint promise_invoice_pk do nothing;

-- name: promise_by_id(tenant uuid, promise uuid)
--+ -> promise_id uuid, customer_id uuid, brand_id uuid, currency text, amount bigint, made_on date, due_on date,
--+ cancelled_on date?, cancel_reason text?, note text, pauses bool, standing text?, judged_at timestamptz?,
--+ invoices uuid[], created_at timestamptz
-- One of them as shown.
select p.promise_id, p.customer_id, p.brand_id, p.currency, p.amount, p.made_on, p.due_on, p.cancelled_on,
    p.cancel_reason, p.note, p.pauses, p.standing, p.judged_at, k.invoices, p.created_at
from promise p
cross join lateral (
    select coalesce(array_agg(i.invoice_id order by i.invoice_id), '{}') as invoices
    from promise_invoice i
    where i.tenant_id = $1 and i.promise_id = p.promise_id
) k
where p.tenant_id = $1 and p.promise_id = $2;

-- name: promise_page(tenant uuid, customer uuid?, invoice uuid?, before uuid?, count integer)
--+ -> promise_id uuid, customer_id uuid, brand_id uuid, currency text, amount bigint, made_on date, due_on date,
--+ cancelled_on date?, cancel_reason text?, note text, pauses bool, standing text?, judged_at timestamptz?,
--+ invoices uuid[], created_at timestamptz
-- Newest first.
select p.promise_id, p.customer_id, p.brand_id, p.currency, p.amount, p.made_on, p.due_on, p.cancelled_on,
    p.cancel_reason, p.note, p.pauses, p.standing, p.judged_at, k.invoices, p.created_at
from promise p
cross join lateral (
    select coalesce(array_agg(i.invoice_id order by i.invoice_id), '{}') as invoices
    from promise_invoice i
    where i.tenant_id = $1 and i.promise_id = p.promise_id
) k
where p.tenant_id = $1 and ($2::uuid is null or p.customer_id = $2)
    and ($3::uuid is null or exists (
        select 1 from promise_invoice j
        where j.tenant_id = $1 and j.promise_id = p.promise_id and j.invoice_id = $3))
    and ($4::uuid is null or p.promise_id < $4)
order by p.promise_id desc
limit $5;

-- name: promise_running(tenant uuid, invoices uuid[], day date) -> promise_id uuid
-- Promises about any of these invoices that may still be kept: two days of grace after the promised one.
select distinct p.promise_id
from promise_invoice i
join promise p on p.tenant_id = $1 and p.promise_id = i.promise_id
where i.tenant_id = $1 and i.invoice_id = any ($2) and p.cancelled_on is null and p.due_on + 2 >= $3
order by p.promise_id;

-- name: promise_cancel(tenant uuid, promises uuid[], reason text, day date)
-- It holds nothing back any more, and counts neither as kept nor as broken.
update promise p set cancelled_on = $4, cancel_reason = $3
where p.tenant_id = $1 and p.promise_id = any ($2) and p.cancelled_on is null;

-- name: promise_cancel_credited(tenant uuid, invoices uuid[], day date) -> promise_id uuid, customer_id uuid
-- A credit note has left nothing of what was promised.
update promise p set cancelled_on = $3, cancel_reason = 'credit'
where p.tenant_id = $1 and p.cancelled_on is null and p.due_on + 2 >= $3
    and exists (
        select 1 from promise_invoice i
        where i.tenant_id = $1 and i.promise_id = p.promise_id and i.invoice_id = any ($2))
    and not exists (
        select 1
        from promise_invoice k
        join invoice v on v.tenant_id = $1 and v.invoice_id = k.invoice_id and v.settled_at is null
        where k.tenant_id = $1 and k.promise_id = p.promise_id)
returning p.promise_id, p.customer_id;
