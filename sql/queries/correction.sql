-- name: correction_find(tenant uuid, entries_from uuid, days_from date, limit integer) -> message_id uuid, gateway_id uuid
-- Mails of late that listed an invoice whose money, told lately, has a value date not after the day of sending, and for which
-- no apology is on its way.
select m.message_id, coalesce(b.gateway_id, m.gateway_id) as gateway_id
from message m
join brand b on b.tenant_id = $1 and b.brand_id = m.brand_id
where m.tenant_id = $1 and m.message_id in (
        select l.message_id
        from ledger_entry e
        join message_line l on l.tenant_id = $1 and l.invoice_id = e.invoice_id
        where e.tenant_id = $1 and e.ledger_entry_id >= $2 and e.amount < 0 and e.invoice_id is not null)
    and m.channel = 'email' and m.state in ('accepted', 'assumed_sent') and m.contact_day >= $3
    and not exists (select 1 from correction n where n.tenant_id = $1 and n.message_id = m.message_id)
    and exists (
        select 1
        from message_line l
        left join tolerance t on t.tenant_id = $1 and t.currency = l.currency
        where l.tenant_id = $1 and l.message_id = m.message_id and coalesce(t.amount, 0) >= (
            select sum(e.amount) from ledger_entry e
            where e.tenant_id = $1 and e.invoice_id = l.invoice_id and e.value_date <= m.contact_day))
order by m.message_id
limit $4;

-- name: correction_insert(tenant uuid, messages uuid[], notes uuid[], at timestamptz) -> note_id uuid
-- One for each message, whoever comes first. Its id is that of the apology's own message.
insert into correction (tenant_id, message_id, note_id, found_at)
select $1, x.message_id, x.note_id, $4
from unnest($2, $3) x (message_id, note_id)
on conflict do nothing
returning correction.note_id;

-- name: correction_load(tenant uuid, notes uuid[])
--+ -> note_id uuid, message_id uuid, customer_id uuid, brand_id uuid, contact_id uuid, contact_day date, numbers text[],
--+ attempts integer
-- The wrong message of each apology, and the invoices on which nothing was owed that day.
select n.note_id, m.message_id, m.customer_id, m.brand_id, m.contact_id, m.contact_day, w.numbers, (
        select count(*) from attempt a where a.tenant_id = $1 and a.message_id = n.note_id)::integer as attempts
from correction n
join message m on m.tenant_id = $1 and m.message_id = n.message_id
cross join lateral (
    select coalesce(array_agg(v.number order by v.number), '{}') as numbers
    from message_line l
    join invoice v on v.tenant_id = $1 and v.invoice_id = l.invoice_id
    left join tolerance t on t.tenant_id = $1 and t.currency = l.currency
    where l.tenant_id = $1 and l.message_id = m.message_id and coalesce(t.amount, 0) >= (
        select sum(e.amount) from ledger_entry e
        where e.tenant_id = $1 and e.invoice_id = l.invoice_id and e.value_date <= m.contact_day)
) w
where n.tenant_id = $1 and n.note_id = any ($2);

-- name: correction_mark(tenant uuid, notes uuid[])
-- Their messages are no reminders: they ask for nothing and count as no contact.
update message m set purpose = 'correction' where m.tenant_id = $1 and m.message_id = any ($2);
