-- name: invoice_insert(tenant uuid, invoice uuid, customer uuid, brand uuid, external text, number text, issued date?, due date?, currency text, total bigint, request jsonb, at timestamptz)
-- No row is written when the external id is taken, be it by a request running beside this one.
insert into invoice (
    tenant_id, invoice_id, customer_id, brand_id, external_id, number, issue_date, due_date, currency, total, request,
    recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict on constraint invoice_external_id_key do nothing;

-- name: invoice_same(tenant uuid, external text, request jsonb) -> invoice_id uuid, is_same bool
-- Was this external id made by the very same request?
select v.invoice_id, v.request = $3 as is_same from invoice v where v.tenant_id = $1 and v.external_id = $2;

-- name: invoice_by_id(tenant uuid, invoice uuid)
--+ -> invoice_id uuid, customer_id uuid, brand_id uuid, external_id text, number text, issue_date date?, due_date date?,
--+ currency text, total bigint, allocated bigint, settled_at timestamptz?, recorded_at timestamptz
-- One invoice with what has been received for it.
select v.invoice_id, v.customer_id, v.brand_id, v.external_id, v.number, v.issue_date, v.due_date, v.currency, v.total,
    coalesce(a.allocated, 0)::bigint as allocated, v.settled_at, v.recorded_at
from invoice v
left join lateral (
    select sum(l.amount) as allocated
    from allocation l
    join payment p on p.tenant_id = $1 and p.payment_id = l.payment_id and p.status = 'succeeded'
    where l.tenant_id = $1 and l.invoice_id = v.invoice_id
) a on true
where v.tenant_id = $1 and v.invoice_id = $2;

-- name: invoice_page(tenant uuid, customer uuid?, state text?, brands uuid[], days date[], before uuid?, count integer)
--+ -> invoice_id uuid, customer_id uuid, brand_id uuid, external_id text, number text, issue_date date?, due_date date?,
--+ currency text, total bigint, allocated bigint, settled_at timestamptz?, recorded_at timestamptz
-- Newest first. Overdue is decided by each brand's own day: due before it.
select v.invoice_id, v.customer_id, v.brand_id, v.external_id, v.number, v.issue_date, v.due_date, v.currency, v.total,
    coalesce(a.allocated, 0)::bigint as allocated, v.settled_at, v.recorded_at
from invoice v
left join lateral (
    select sum(l.amount) as allocated
    from allocation l
    join payment p on p.tenant_id = $1 and p.payment_id = l.payment_id and p.status = 'succeeded'
    where l.tenant_id = $1 and l.invoice_id = v.invoice_id
) a on true
where v.tenant_id = $1 and ($2::uuid is null or v.customer_id = $2)
    and (
        $3::text is null
        or ($3 = 'settled' and v.settled_at is not null)
        or ($3 = 'open' and v.settled_at is null)
        or ($3 = 'overdue' and v.settled_at is null and exists (
            select 1 from unnest($4::uuid[], $5::date[]) b (brand_id, day)
            where b.brand_id = v.brand_id and v.due_date < b.day)))
    and ($6::uuid is null or v.invoice_id < $6)
order by v.invoice_id desc
limit $7;

-- name: invoice_lock_open(tenant uuid, customer uuid, brand uuid, currency text)
--+ -> invoice_id uuid, due_date date?, total bigint
-- Open invoices a payment may cover, locked so that two payments never cover the same money twice.
select v.invoice_id, v.due_date, v.total
from invoice v
where v.tenant_id = $1 and v.customer_id = $2 and v.brand_id = $3 and v.currency = $4 and v.settled_at is null
order by v.invoice_id
for no key update;

-- name: invoice_allocated(tenant uuid, invoices uuid[]) -> invoice_id uuid, allocated bigint
-- What is allocated already, pending money included: it must not be covered twice.
select l.invoice_id, sum(l.amount)::bigint as allocated
from allocation l
where l.tenant_id = $1 and l.invoice_id = any ($2)
group by l.invoice_id;

-- name: invoice_settle(tenant uuid, invoices uuid[], at timestamptz)
-- Those of these invoices that received money covers by now; money under way settles nothing.
update invoice v set settled_at = $3
where v.tenant_id = $1 and v.invoice_id = any ($2) and v.settled_at is null
    and v.total <= (
        select sum(l.amount)
        from allocation l
        join payment p on p.tenant_id = $1 and p.payment_id = l.payment_id and p.status = 'succeeded'
        where l.tenant_id = $1 and l.invoice_id = v.invoice_id);

-- name: invoice_brand_days(tenant uuid) -> brand_id uuid, zone text, grace_days integer
-- What decides "overdue" for each brand.
select b.brand_id, b.zone, b.grace_days from brand b where b.tenant_id = $1;

-- name: invoice_party(tenant uuid, customer uuid) -> found bool
-- Does the customer exist here?
select true as found from customer c where c.tenant_id = $1 and c.customer_id = $2;

-- name: ledger_insert(tenant uuid, entry uuid, kind text, customer uuid, brand uuid, invoice uuid?, payment uuid?, currency text, amount bigint, value date, at timestamptz)
-- One movement of money, never changed afterwards.
insert into ledger_entry (
    tenant_id, ledger_entry_id, kind, customer_id, brand_id, invoice_id, payment_id, currency, amount, value_date,
    recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);
