-- name: receipt_message(tenant uuid, gateway uuid, attempt uuid?, provider text?)
--+ -> message_id uuid, attempt_id uuid, customer_id uuid, contact_id uuid, channel text, address_key text, state text,
--+ delivery text?
-- The message a report is about, by our token or by the gateway's id, for no other gateway than the one that reports. It
-- waits for whoever is recording its outcome, and keeps the next one waiting.
select m.message_id, a.attempt_id, m.customer_id, m.contact_id, m.channel, m.address_key, m.state, m.delivery
from attempt a
join message m on m.tenant_id = $1 and m.message_id = a.message_id
where a.tenant_id = $1 and m.gateway_id = $2
    and (a.attempt_id = $3 or ($3::uuid is null and a.provider_id = $4))
order by a.number desc
limit 1
for no key update of m;

-- name: receipt_customer(tenant uuid, gateway uuid, attempt uuid?, provider text?) -> customer_id uuid
-- Whose cases to lock before the message.
select m.customer_id
from attempt a
join message m on m.tenant_id = $1 and m.message_id = a.message_id
where a.tenant_id = $1 and m.gateway_id = $2
    and (a.attempt_id = $3 or ($3::uuid is null and a.provider_id = $4))
order by a.number desc
limit 1;

-- name: receipt_insert(tenant uuid, receipt uuid, gateway uuid, subject text, attempt uuid?, provider text?, state text,
--+ code text?, at timestamptz)
-- Once each: gateways repeat themselves.
insert into receipt (tenant_id, receipt_id, gateway_id, subject, attempt_id, provider_id, state, code, received_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict on constraint receipt_once do nothing;

-- name: receipt_deliver(tenant uuid, message uuid, delivery text)
-- What the gateway reported last, in the order of its meaning: what ended stays as it ended.
update message
set delivery = $3
where tenant_id = $1 and message_id = $2
    and (delivery is null or (delivery = 'sent' and $3 <> 'sent') or (delivery = 'failed' and $3 = 'delivered'));

-- name: receipt_settle(tenant uuid, messages uuid[], at timestamptz) -> message_id uuid, customer_id uuid
-- The gateway reported on these messages, so it has them: what was unknown is accepted. Found by our token or by the
-- gateway's id.
update message m
set state = 'accepted', settled_at = $3
where m.tenant_id = $1 and m.message_id = any ($2) and m.state in ('unknown', 'assumed_sent')
    and exists (
        select 1
        from attempt a
        join receipt r on r.tenant_id = $1 and r.gateway_id = m.gateway_id
            and (r.attempt_id = a.attempt_id or r.provider_id = a.provider_id)
        where a.tenant_id = $1 and a.message_id = m.message_id)
returning m.message_id, m.customer_id;

-- name: receipt_best(tenant uuid, messages uuid[])
-- Reports that came before the outcome was recorded, under the gateway's id or our token, are told of the message.
update message m
set delivery = x.state
from (
    select a.message_id,
        (array_agg(
            r.state order by case when r.state = 'delivered' then 0 when r.state = 'failed' then 1 else 2 end))[1] as state
    from attempt a
    join message v on v.tenant_id = $1 and v.message_id = a.message_id
    join receipt r on r.tenant_id = $1 and r.gateway_id = v.gateway_id
        and (r.attempt_id = a.attempt_id or r.provider_id = a.provider_id)
    where a.tenant_id = $1 and a.message_id = any ($2)
    group by a.message_id
) x
where m.tenant_id = $1 and m.message_id = x.message_id and m.delivery is distinct from x.state;

-- name: receipt_return_budget(tenant uuid, message uuid)
-- Nobody got it, so it was no contact.
delete from contact_budget
where tenant_id = $1 and message_id = $2;

-- name: receipt_inbound(tenant uuid, id uuid, gateway uuid, provider text, key text, intent text, body text, at timestamptz)
-- What somebody wrote back, once.
insert into inbound_text (
    tenant_id, inbound_text_id, gateway_id, provider_id, address_key, intent, body, received_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict on constraint inbound_text_once do nothing;
