-- name: invoice_insert(tenant uuid, invoice uuid, customer uuid, brand uuid, source text, external text, version bigint, number text, issued date?, due date?, currency text, total bigint, request jsonb?, at timestamptz)
-- No row is written when the external id is taken, be it by a request running beside this one.
insert into invoice (
    tenant_id, invoice_id, customer_id, brand_id, source, external_id, version, number, issue_date, due_date, currency,
    total, request, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict on constraint invoice_external_id_key do nothing;

-- name: invoice_same(tenant uuid, source text, external text, request jsonb) -> invoice_id uuid, is_same bool
-- Was this external id made by the very same request?
select v.invoice_id, coalesce(v.request = $4, false) as is_same
from invoice v
where v.tenant_id = $1 and v.source = $2 and v.external_id = $3;

-- name: invoice_by_id(tenant uuid, invoice uuid)
--+ -> invoice_id uuid, customer_id uuid, brand_id uuid, source text, external_id text, version bigint,
--+ number text, issue_date date?, due_date date?, currency text, total bigint, balance bigint, settled_at timestamptz?, recorded_at timestamptz
-- One invoice with what has been received for it.
select v.invoice_id, v.customer_id, v.brand_id, v.source, v.external_id, v.version, v.number, v.issue_date, v.due_date,
    v.currency, v.total, coalesce(a.balance, 0)::bigint as balance, v.settled_at, v.recorded_at
from invoice v
left join lateral (
    select sum(e.amount) as balance from ledger_entry e where e.tenant_id = $1 and e.invoice_id = v.invoice_id
) a on true
where v.tenant_id = $1 and v.invoice_id = $2;

-- name: invoice_page(tenant uuid, customer uuid?, state text?, brands uuid[], days date[], before uuid?, count integer)
--+ -> invoice_id uuid, customer_id uuid, brand_id uuid, source text, external_id text, version bigint,
--+ number text, issue_date date?, due_date date?, currency text, total bigint, balance bigint, settled_at timestamptz?, recorded_at timestamptz
-- Newest first. Overdue is decided by each brand's own day: due before it.
select v.invoice_id, v.customer_id, v.brand_id, v.source, v.external_id, v.version, v.number, v.issue_date, v.due_date,
    v.currency, v.total, coalesce(a.balance, 0)::bigint as balance, v.settled_at, v.recorded_at
from invoice v
left join lateral (
    select sum(e.amount) as balance from ledger_entry e where e.tenant_id = $1 and e.invoice_id = v.invoice_id
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

-- name: invoice_open_of(tenant uuid, invoices uuid[])
--+ -> invoice_id uuid, source text, external_id text, customer_id uuid, brand_id uuid, currency text, open bigint
-- What payments that name these invoices may cover: what stands on them, and what was written off.
select v.invoice_id, v.source, v.external_id, v.customer_id, v.brand_id, v.currency,
    coalesce(sum(e.amount) filter (where e.kind <> 'write_off'), 0)::bigint as open
from invoice v
left join ledger_entry e on e.tenant_id = $1 and e.invoice_id = v.invoice_id
where v.tenant_id = $1 and v.invoice_id = any ($2)
group by v.tenant_id, v.invoice_id;

-- name: invoice_brand_days(tenant uuid) -> brand_id uuid, zone text, grace_days integer
-- What decides "overdue" for each brand.
select b.brand_id, b.zone, b.grace_days from brand b where b.tenant_id = $1;

-- name: invoice_party(tenant uuid, customer uuid) -> found bool
-- Does the customer exist here?
select true as found from customer c where c.tenant_id = $1 and c.customer_id = $2;
