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
from wrong_lines($1, $2, $3, $4, $5, $6) w
group by grouping sets ((w.source), ())
order by w.source nulls first;

-- name: wrong_dunning_messages(tenant uuid, brand uuid?, first uuid, last uuid, from date, to date, count bigint)
--+ -> message_id uuid, customer_id uuid, invoice_id uuid, contact_day date, source text
-- The latest of them, one line for each invoice that should not have been listed.
select w.message_id, w.customer_id, w.invoice_id, w.contact_day, w.source
from wrong_lines($1, $2, $3, $4, $5, $6) w
order by w.message_id desc, w.invoice_id
limit $7;
