-- name: wrong_dunning_sent(tenant uuid, brand uuid?, first uuid, last uuid, from date, to date) -> messages bigint
-- Messages that left on these days, or may have. Keys carry their time, so the days are a range of the primary key.
select count(*) as messages
from message m
where m.tenant_id = $1 and m.message_id >= $3 and m.message_id < $4 and m.contact_day >= $5 and m.contact_day <= $6
    and m.state in ('accepted', 'unknown', 'assumed_sent') and m.purpose = 'reminder'
    and ($2::uuid is null or m.brand_id = $2);

-- name: wrong_dunning_sources(tenant uuid, brand uuid?, first uuid, last uuid, from date, to date)
--+ -> source text?, messages bigint, invoices bigint
-- Of them, those that listed an invoice on which nothing was owed that day by what is known now; by the source that brought
-- the last of what settled it, and all together (null).
select w.source, count(distinct w.message_id) as messages, count(*) as invoices
from (
    select l.message_id, x.source
    from message m
    join message_line l on l.tenant_id = $1 and l.message_id = m.message_id
    left join tolerance t on t.tenant_id = $1 and t.currency = l.currency
    cross join lateral (
        select sum(e.amount) as owed, coalesce(
            (array_agg(coalesce(e.source, p.source) order by e.recorded_at desc, e.ledger_entry_id desc)
                filter (where e.amount < 0))[1], '') as source
        from ledger_entry e
        left join payment p on p.tenant_id = $1 and p.payment_id = e.payment_id
        where e.tenant_id = $1 and e.invoice_id = l.invoice_id and e.value_date <= m.contact_day
    ) x
    where m.tenant_id = $1 and m.message_id >= $3 and m.message_id < $4 and m.contact_day >= $5 and m.contact_day <= $6
        and m.state in ('accepted', 'unknown', 'assumed_sent') and m.purpose = 'reminder'
    and ($2::uuid is null or m.brand_id = $2)
        and x.owed <= coalesce(t.amount, 0)
) w
group by grouping sets ((w.source), ())
order by w.source nulls first;

-- name: wrong_dunning_messages(tenant uuid, brand uuid?, first uuid, last uuid, from date, to date, count bigint)
--+ -> message_id uuid, customer_id uuid, invoice_id uuid, contact_day date, source text
-- The latest of them, one line for each invoice that should not have been listed.
select m.message_id, m.customer_id, l.invoice_id, m.contact_day, x.source
from message m
join message_line l on l.tenant_id = $1 and l.message_id = m.message_id
left join tolerance t on t.tenant_id = $1 and t.currency = l.currency
cross join lateral (
    select sum(e.amount) as owed, coalesce(
        (array_agg(coalesce(e.source, p.source) order by e.recorded_at desc, e.ledger_entry_id desc)
            filter (where e.amount < 0))[1], '') as source
    from ledger_entry e
    left join payment p on p.tenant_id = $1 and p.payment_id = e.payment_id
    where e.tenant_id = $1 and e.invoice_id = l.invoice_id and e.value_date <= m.contact_day
) x
where m.tenant_id = $1 and m.message_id >= $3 and m.message_id < $4 and m.contact_day >= $5 and m.contact_day <= $6
    and m.state in ('accepted', 'unknown', 'assumed_sent') and m.purpose = 'reminder'
    and ($2::uuid is null or m.brand_id = $2)
    and x.owed <= coalesce(t.amount, 0)
order by m.message_id desc, l.invoice_id
limit $7;
