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
--+ number text, issue_date date?, due_date date?, currency text, total bigint, balance bigint, settled_at timestamptz?, recorded_at timestamptz, workflow_id uuid?
-- One invoice with what has been received for it.
select v.invoice_id, v.customer_id, v.brand_id, v.source, v.external_id, v.version, v.number, v.issue_date, v.due_date,
    v.currency, v.total, coalesce(a.balance, 0)::bigint as balance, v.settled_at, v.recorded_at, v.workflow_id
from invoice v
left join lateral (
    select sum(e.amount) as balance from ledger_entry e where e.tenant_id = $1 and e.invoice_id = v.invoice_id
) a on true
where v.tenant_id = $1 and v.invoice_id = $2;

-- name: invoice_page(tenant uuid, customer uuid?, state text?, brands uuid[], days date[], source text?, external text?,
--+ before uuid?, count integer)
--+ -> invoice_id uuid, customer_id uuid, brand_id uuid, source text, external_id text, version bigint,
--+ number text, issue_date date?, due_date date?, currency text, total bigint, balance bigint, settled_at timestamptz?, recorded_at timestamptz, workflow_id uuid?
-- Newest first. Overdue is decided by each brand's own day: due before it; with instalments, more being due by then than
-- is covered.
select v.invoice_id, v.customer_id, v.brand_id, v.source, v.external_id, v.version, v.number, v.issue_date, v.due_date,
    v.currency, v.total, coalesce(a.balance, 0)::bigint as balance, v.settled_at, v.recorded_at, v.workflow_id
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
            where b.brand_id = v.brand_id and case
                when exists (
                    select 1 from invoice_term m
                    where m.tenant_id = $1 and m.invoice_id = v.invoice_id and m.until_day = 'infinity')
                then v.total - a.balance < (
                    select least(v.total, coalesce(sum(m.amount), 0)) from invoice_term m
                    where m.tenant_id = $1 and m.invoice_id = v.invoice_id and m.until_day = 'infinity'
                        and m.due_date < b.day)
                else v.due_date < b.day
            end)))
    and ($6::text is null or v.source = $6) and ($7::text is null or v.external_id = $7)
    and ($8::uuid is null or v.invoice_id < $8)
order by v.invoice_id desc
limit $9;

-- name: invoice_open_of(tenant uuid, invoices uuid[])
--+ -> invoice_id uuid, source text, external_id text, customer_id uuid, brand_id uuid, currency text, open bigint
-- What payments that name these invoices may cover: what stands on them, what was written off, and what was settled
-- because the source says so.
select v.invoice_id, v.source, v.external_id, v.customer_id, v.brand_id, v.currency,
    coalesce(sum(e.amount) filter (
        where e.kind not in ('write_off', 'recovery', 'settlement') and (e.kind <> 'reversal' or e.payment_id is not null)), 0
    )::bigint as open
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

-- name: invoice_terms_of(tenant uuid, invoices uuid[]) -> invoice_id uuid, due_date date?, amount bigint
-- What is asked for when, as known now, the earliest first; nothing for invoices that are due as a whole.
select m.invoice_id, m.due_date, m.amount
from invoice_term m
where m.tenant_id = $1 and m.invoice_id = any ($2) and m.until_day = 'infinity'
order by m.invoice_id, m.due_date, m.number;

-- name: invoice_known(tenant uuid, source text, external text) -> invoice_id uuid, customer_id uuid
-- Which invoice goes by this name, and whose it is.
select v.invoice_id, v.customer_id
from invoice v
where v.tenant_id = $1 and v.source = $2 and v.external_id = $3;

-- name: invoice_standing(tenant uuid, invoice uuid)
--+ -> issued_on date, last_day date, balance bigint, own bigint, written_off bigint, settled bigint,
--+ claimed_open bigint?
-- What stands on its account: all of it, without what documents and settlements brought (own), what was written off or
-- settled, and what its source says is still to be paid.
select min(e.value_date) filter (where e.kind = 'invoice') as issued_on, max(e.value_date) as last_day,
    coalesce(sum(e.amount), 0)::bigint as balance,
    coalesce(
        sum(e.amount) filter (where e.payment_id is null and e.kind not in ('settlement', 'reversal')), 0
    )::bigint as own,
    coalesce(-sum(e.amount) filter (where e.kind = 'write_off'), 0)::bigint as written_off,
    coalesce(-sum(e.amount) filter (where e.payment_id is null and e.kind in ('settlement', 'reversal')), 0)::bigint
        as settled,
    (
        select case when v.is_absent then 0 else v.claimed_open end
        from invoice v
        where v.tenant_id = $1 and v.invoice_id = $2
    ) as claimed_open
from ledger_entry e
where e.tenant_id = $1 and e.invoice_id = $2;

-- name: invoice_change(tenant uuid, invoice uuid, version bigint, number text, due date?, total bigint, status text?)
-- What its source says of it now, and where it says so that all is paid or not; the movement of money that goes with it is
-- booked beside.
update invoice v set version = $3, number = $4, due_date = $5, total = $6,
    claimed_open = case when $7 = 'paid' then 0 when $7 = 'open' then null else v.claimed_open end,
    is_absent = v.is_absent and $7 is null
where v.tenant_id = $1 and v.invoice_id = $2;

-- name: invoice_confirm(tenant uuid, invoice uuid, version bigint)
-- Its source has said the same of it again.
update invoice v set version = $3 where v.tenant_id = $1 and v.invoice_id = $2;

-- name: invoice_terms_keep(tenant uuid, invoices uuid[], day date)
-- Before the first change: what was asked for until now, so that past days are still told truly. An invoice that is not
-- booked yet, or only from this day on, has no such days.
insert into invoice_term (tenant_id, invoice_id, from_day, number, until_day, due_date, amount)
select $1, v.invoice_id, e.since, 1, $3, v.due_date, v.total
from invoice v
cross join lateral (
    select min(l.value_date) as since
    from ledger_entry l
    where l.tenant_id = $1 and l.invoice_id = v.invoice_id and l.kind = 'invoice'
) e
where v.tenant_id = $1 and v.invoice_id = any ($2) and e.since < $3
    and not exists (select 1 from invoice_term m where m.tenant_id = $1 and m.invoice_id = v.invoice_id)
on conflict on constraint invoice_term_pk do nothing;

-- name: invoice_terms_drop(tenant uuid, invoices uuid[], day date)
-- Terms of the same day, or of later ones, were never in force.
delete from invoice_term m
where m.tenant_id = $1 and m.invoice_id = any ($2) and m.from_day >= $3;

-- name: invoice_terms_end(tenant uuid, invoices uuid[], day date)
-- The terms in force end where others begin.
update invoice_term m set until_day = $3
where m.tenant_id = $1 and m.invoice_id = any ($2) and m.until_day > $3;

-- name: invoice_terms_add(tenant uuid, invoice uuid, day date, numbers integer[], dues text[], amounts bigint[])
-- What is asked for from this day on. An empty text is no due date, since arrays of ours hold no NULL.
insert into invoice_term (tenant_id, invoice_id, from_day, number, due_date, amount)
select $1, $2, $3, x.number, nullif(x.due_date, '')::date, x.amount
from unnest($4, $5, $6) as x (number, due_date, amount)
on conflict on constraint invoice_term_pk do nothing;
