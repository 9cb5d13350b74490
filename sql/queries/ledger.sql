-- name: ledger_page(tenant uuid, customer uuid?, invoice uuid?, payment uuid?, before uuid?, count integer)
--+ -> ledger_entry_id uuid, kind text, customer_id uuid, brand_id uuid, invoice_id uuid?, payment_id uuid?,
--+ currency text, amount bigint, value_date date, note text?, recorded_at timestamptz
-- The movements of money as they were booked, newest first.
select e.ledger_entry_id, e.kind, e.customer_id, e.brand_id, e.invoice_id, e.payment_id, e.currency, e.amount,
    e.value_date, e.note, e.recorded_at
from ledger_entry e
where e.tenant_id = $1 and ($2::uuid is null or e.customer_id = $2) and ($3::uuid is null or e.invoice_id = $3)
    and ($4::uuid is null or e.payment_id = $4) and ($5::uuid is null or e.ledger_entry_id < $5)
order by e.ledger_entry_id desc
limit $6;

-- name: ledger_standing(tenant uuid, payment uuid)
--+ -> invoice_id uuid?, amount bigint, last_day date
-- On which accounts a document stands and since when: its credit first, then the youngest debts. A day whose entries cancel
-- out is none: what a later word took back never happened.
select s.invoice_id, s.amount, s.last_day
from (
    select d.invoice_id, sum(d.amount)::bigint as amount, max(d.day) filter (where d.amount <> 0) as last_day
    from (
        select e.invoice_id, e.value_date as day, -sum(e.amount) as amount
        from ledger_entry e
        where e.tenant_id = $1 and e.payment_id = $2
        group by e.invoice_id, e.value_date
    ) d
    group by d.invoice_id
    having sum(d.amount) > 0
) s
left join invoice v on v.tenant_id = $1 and v.invoice_id = s.invoice_id
order by s.invoice_id is not null, v.due_date desc nulls first, v.external_id desc, v.invoice_id desc;

-- name: ledger_credit(tenant uuid, customer uuid, brand uuid, currency text)
--+ -> payment_id uuid, amount bigint, last_day date
-- Whose money is the customer's credit, the oldest first, and since when; days that cancel out as above.
select p.payment_id, p.unallocated as amount, s.last_day
from payment p
cross join lateral (
    select max(d.day) as last_day
    from (
        select e.value_date as day
        from ledger_entry e
        where e.tenant_id = $1 and e.payment_id = p.payment_id and e.invoice_id is null
        group by e.value_date
        having sum(e.amount) <> 0
    ) d
) s
where p.tenant_id = $1 and p.customer_id = $2 and p.brand_id = $3 and p.currency = $4 and p.unallocated > 0
order by p.value_date, p.payment_id;
