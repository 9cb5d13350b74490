-- name: receivable_booked(tenant uuid, batch uuid, invoices uuid[], entries uuid[]) -> lines integer
-- After booking: what these new entries are, and by how much the invoices they stand on differ from what they were.
select receivable_note($1, $2, $3, $4, true, true, null, $4) as lines;

-- name: receivable_retract(tenant uuid, batch uuid, invoices uuid[]) -> lines integer
-- Before a due date, a term or a dispute changes: takes out what the invoices contribute.
select receivable_note($1, $2, $3, null, true, false, '{}', '{}') as lines;

-- name: receivable_restate(tenant uuid, batch uuid, invoices uuid[]) -> lines integer
-- After it: puts in what they contribute now.
select receivable_note($1, $2, $3, null, false, true, '{}', '{}') as lines;

-- name: receivable_fold(tenant uuid, limit integer) -> rows integer
-- Adds some deltas to the rollups; 0 when there are none left.
select receivable_fold($1, $2) as rows;

-- name: receivable_pending() -> tenant_id uuid
-- Tenants with something to fold, or with other edges than their rollups were made with. Jumps from tenant to tenant in the
-- index, however many deltas each has.
with recursive days as (
    (select d.tenant_id from receivable_delta d order by d.tenant_id limit 1)
    union all
    select (select d.tenant_id from receivable_delta d where d.tenant_id > x.tenant_id order by d.tenant_id limit 1)
    from days x
    where x.tenant_id is not null
), terms as (
    (select d.tenant_id from receivable_terms_delta d order by d.tenant_id limit 1)
    union all
    select (
        select d.tenant_id from receivable_terms_delta d where d.tenant_id > x.tenant_id order by d.tenant_id limit 1)
    from terms x
    where x.tenant_id is not null
)
select x.tenant_id from days x where x.tenant_id is not null
union
select x.tenant_id from terms x where x.tenant_id is not null
union
select t.tenant_id from tenant t join receivable_book b on b.tenant_id = t.tenant_id where t.aging_edges <> b.aging_edges;

-- name: receivable_has_deltas(tenant uuid) -> found bool
-- Whether there is anything to fold.
select exists (select 1 from receivable_delta d where d.tenant_id = $1)
    or exists (select 1 from receivable_terms_delta d where d.tenant_id = $1) as found;

-- name: receivable_wanted_edges(tenant uuid) -> wanted smallint[], made smallint[]
-- The edges the tenant wants, and those its rollups were made with.
select t.aging_edges as wanted, coalesce(b.aging_edges, t.aging_edges) as made
from tenant t
left join receivable_book b on b.tenant_id = $1
where t.tenant_id = $1;

-- name: receivable_clear(tenant uuid, edges smallint[])
-- Begins to make the rollups anew; nobody books until the transaction ends.
select from receivable_clear($1, $2);

-- name: receivable_make(tenant uuid, batch uuid, after uuid?, limit integer) -> last uuid?
-- All that the next invoices in the order of their ids contribute, with all of their entries; null when there are no more.
select receivable_make($1, $2, $3, $4) as last;

-- name: receivable_make_credit(tenant uuid, batch uuid, after uuid?, limit integer) -> last uuid?
-- The same of entries on credit accounts.
select receivable_make_credit($1, $2, $3, $4) as last;

-- name: receivable_drift(tenant uuid) -> finding text, brand_id uuid, currency text, day date
-- Where rollups and deltas differ from the entries, in one snapshot.
select d.finding, d.brand_id, d.currency, d.day from receivable_drift($1) d;
