-- name: message_insert(tenant uuid, ids uuid[], customers uuid[], brands uuid[], contacts uuid[], gateways uuid[], addresses text[], keys text[], stages integer[], tiers text[], locales text[], subjects text[], bytes bytea[], days date[], at timestamptz, channels text[])
-- Bytes frozen for the wire. A retry keeps its id, and so its Message-ID, but says what is true now.
insert into message (
    tenant_id, message_id, customer_id, brand_id, contact_id, gateway_id, channel, address, address_key, stage, tier,
    state, locale, subject, bytes, contact_day, attempts, armed_at, created_at)
select $1, x.id, x.customer_id, x.brand_id, x.contact_id, x.gateway_id, x.channel, x.address, x.address_key, x.stage,
    x.tier, 'sending', x.locale, x.subject, x.bytes, x.contact_day, 1, $15, $15
from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $16)
    x (id, customer_id, brand_id, contact_id, gateway_id, address, address_key, stage, tier, locale, subject, bytes,
        contact_day, channel)
on conflict (tenant_id, message_id) do update
set contact_id = excluded.contact_id, gateway_id = excluded.gateway_id, channel = excluded.channel,
    address = excluded.address,
    address_key = excluded.address_key, stage = excluded.stage, tier = excluded.tier, state = 'sending',
    locale = excluded.locale, subject = excluded.subject, text_body = null, html_body = null, bytes = excluded.bytes,
    contact_day = excluded.contact_day, attempts = message.attempts + 1, armed_at = excluded.armed_at, settled_at = null,
    reply = null, crossed = false;

-- name: message_attempts(tenant uuid, ids uuid[]) -> message_id uuid, attempts integer
-- How often these messages were armed, this time included.
select m.message_id, m.attempts from message m where m.tenant_id = $1 and m.message_id = any ($2);

-- name: message_line_clear(tenant uuid, messages uuid[])
-- A message armed again lists what is open now.
delete from message_line l where l.tenant_id = $1 and l.message_id = any ($2);

-- name: message_line_insert(tenant uuid, messages uuid[], invoices uuid[], enrolments uuid[], currencies text[], amounts bigint[], days integer[])
-- The invoices as they stood when the message was armed.
insert into message_line (tenant_id, message_id, invoice_id, enrolment_id, currency, open_amount, days_overdue)
select $1, x.message_id, x.invoice_id, x.enrolment_id, x.currency, x.amount, x.days
from unnest($2, $3, $4, $5, $6, $7) x (message_id, invoice_id, enrolment_id, currency, amount, days)
returning message_line.message_id;

-- name: attempt_insert(tenant uuid, ids uuid[], messages uuid[], numbers integer[], worker uuid, leases bigint[], at timestamptz)
-- One try on the wire; its id is the token in the message.
insert into attempt (tenant_id, attempt_id, message_id, number, worker_id, lease, armed_at)
select $1, x.id, x.message_id, x.number, $5, x.lease, $7
from unnest($2, $3, $4, $6) x (id, message_id, number, lease)
returning attempt.attempt_id;

-- name: attempt_finish(tenant uuid, ids uuid[], outcomes text[], codes integer[], replies text[], at timestamptz, provider_ids text[])
-- How the try ended, and what the gateway calls it.
update attempt a
set outcome = x.outcome, code = nullif(x.code, 0), reply = nullif(x.reply, ''), finished_at = $6,
    provider_id = nullif(x.provider_id, '')
from unnest($2, $3, $4, $5, $7) x (id, outcome, code, reply, provider_id)
where a.tenant_id = $1 and a.attempt_id = x.id and a.outcome is null;

-- name: attempt_open_of(tenant uuid, messages uuid[]) -> message_id uuid, attempt_id uuid
-- The running try of each message, for those whose worker cannot tell any more.
select a.message_id, a.attempt_id
from attempt a
where a.tenant_id = $1 and a.message_id = any ($2) and a.outcome is null;

-- name: attempt_late(tenant uuid, ids uuid[], outcomes text[], worker uuid, at timestamptz)
--+ -> attempt_id uuid, message_id uuid
-- What a worker knows of tries that were called unknown while it could not be heard. Each is told once.
update attempt a
set late_outcome = x.outcome, late_at = $5
from unnest($2, $3) x (id, outcome)
where a.tenant_id = $1 and a.attempt_id = x.id and a.worker_id = $4 and a.outcome = 'unknown' and a.late_outcome is null
returning a.attempt_id, a.message_id;

-- name: message_resolve(tenant uuid, ids uuid[], states text[], replies text[], at timestamptz)
--+ -> message_id uuid, state text, customer_id uuid, contact_id uuid
-- Evidence came for messages whose outcome nobody knew. Settled so, they are never sent again.
update message m set state = x.state, settled_at = $5, reply = coalesce(nullif(x.reply, ''), m.reply)
from unnest($2, $3, $4) x (id, state, reply)
where m.tenant_id = $1 and m.message_id = x.id and m.state in ('unknown', 'assumed_sent')
returning m.message_id, m.state, m.customer_id, m.contact_id;

-- name: message_task_settled(tenant uuid, messages uuid[], at timestamptz)
--+ -> task_id uuid, kind text, customer_id uuid, state text, outcome text
-- Nobody has to find out any more.
update task t set state = 'done', outcome = 'settled', closed_at = $3
where t.tenant_id = $1 and t.message_id = any ($2) and t.kind = 'unknown' and t.state = 'open'
returning t.task_id, t.kind, t.customer_id, t.state, t.outcome;

-- name: message_settle(tenant uuid, ids uuid[], states text[], replies text[], at timestamptz)
-- The outcome of a message on the wire.
update message m set state = x.state, settled_at = $5, reply = nullif(x.reply, '')
from unnest($2, $3, $4) x (id, state, reply)
where m.tenant_id = $1 and m.message_id = x.id and m.state = 'sending';

-- name: message_of_steps(tenant uuid, steps uuid[])
--+ -> step_run_id uuid, message_id uuid, address_key text, contact_id uuid, contact_day date, attempts integer, tier text,
--+ customer_id uuid, channel text
-- The messages of due rows, looked up by their step; an apology is its own. Attempts are the tries on the wire, this one included: what never left,
-- or met a gateway that refused everything, is none.
select s.step_run_id, m.message_id, m.address_key, m.contact_id, m.contact_day, (
        select count(*) from attempt a
        where a.tenant_id = $1 and a.message_id = m.message_id
            and (a.outcome is null or a.outcome not in ('not_begun', 'gateway'))
    )::integer as attempts, m.tier, m.customer_id, m.channel
from step_run s
join message m on m.tenant_id = $1 and m.message_id = s.message_id
where s.tenant_id = $1 and s.step_run_id = any ($2)
union all
select n.note_id, n.note_id, m.address_key, m.contact_id, m.contact_day, (
        select count(*) from attempt a
        where a.tenant_id = $1 and a.message_id = n.note_id
            and (a.outcome is null or a.outcome not in ('not_begun', 'gateway'))
    )::integer, m.tier, m.customer_id, m.channel
from correction n
join message m on m.tenant_id = $1 and m.message_id = n.note_id
where n.tenant_id = $1 and n.note_id = any ($2);

-- name: message_withdraw(tenant uuid, steps uuid[], at timestamptz)
-- A message waiting for its retry whose step was skipped meanwhile never goes out.
update message m set state = 'withdrawn', settled_at = $3
from step_run s
where m.tenant_id = $1 and s.tenant_id = $1 and s.step_run_id = any ($2) and m.message_id = s.message_id
    and m.state = 'retrying';

-- name: message_cross(tenant uuid, customer uuid, invoices uuid[])
--+ -> message_id uuid
-- Money came while these messages were armed: they may go out all the same, and we say so.
update message m set crossed = true
where m.tenant_id = $1 and m.customer_id = $2 and m.state = 'sending'
    and exists (
        select 1 from message_line l
        where l.tenant_id = $1 and l.message_id = m.message_id and l.invoice_id = any ($3))
returning m.message_id;

-- name: message_about(tenant uuid, customer uuid, invoices uuid[])
--+ -> message_id uuid, state text, crossed bool, armed_at timestamptz
-- Every message that asked for these invoices, the newest first.
select m.message_id, m.state, m.crossed, m.armed_at
from message m
where m.tenant_id = $1 and m.customer_id = $2
    and m.state in ('sending', 'accepted', 'unknown', 'assumed_sent')
    and exists (
        select 1 from message_line l
        where l.tenant_id = $1 and l.message_id = m.message_id and l.invoice_id = any ($3))
order by m.armed_at desc, m.message_id desc
limit 50;

-- name: message_budget_take(tenant uuid, keys text[], days date[], messages uuid[]) -> address_key text, message_id uuid
-- One contact a day and address, whoever asks first; taken in key order so that two workers cannot deadlock.
insert into contact_budget (tenant_id, address_key, day, message_id)
select $1, x.address_key, x.day, x.message_id
from unnest($2, $3, $4) x (address_key, day, message_id)
order by x.address_key, x.message_id
on conflict do nothing
returning contact_budget.address_key, contact_budget.message_id;

-- name: message_budget_return(tenant uuid, messages uuid[])
-- A refused or never begun message was no contact.
delete from contact_budget b where b.tenant_id = $1 and b.message_id = any ($2);

-- name: message_unknown(tenant uuid, id uuid)
--+ -> state text, tier text, customer_id uuid, subject text, channel text, never_left bool
-- A message whose outcome nobody knows, when its waiting time is over, and whether its worker said after all that it was
-- never taken over.
select m.state, m.tier, m.customer_id, m.subject, m.channel, exists (
        select 1 from attempt a
        where a.tenant_id = $1 and a.message_id = m.message_id
            and a.late_outcome in ('not_begun', 'transient', 'gateway')) as never_left
from message m
where m.tenant_id = $1 and m.message_id = $2;

-- name: message_assume_sent(tenant uuid, id uuid, at timestamptz)
-- No evidence came within a day: a reminder counts as sent.
update message m set state = 'assumed_sent', settled_at = $3
where m.tenant_id = $1 and m.message_id = $2 and m.state = 'unknown';

-- name: message_suppress_contacts(tenant uuid, ids uuid[], reason text, at timestamptz)
-- The server refused these addresses for good.
update contact c set suppressed_reason = $3, updated_at = $4
where c.tenant_id = $1 and c.contact_id = any ($2);

-- name: message_gateways(tenant uuid, ids uuid[])
--+ -> gateway_id uuid, version integer, host text, port integer, tls text, username text?, password_sealed bytea?,
--+ ehlo_name text, sessions integer, recipe text?, sender text?, max_parts integer?
-- How to reach these gateways.
select g.gateway_id, g.version, g.host, g.port, g.tls, g.username, g.password_sealed, g.ehlo_name, g.sessions, g.recipe,
    g.sender, g.max_parts
from gateway g
where g.tenant_id = $1 and g.gateway_id = any ($2);

-- name: message_task_insert(tenant uuid, ids uuid[], kinds text[], customers uuid[], enrolments text[], steps text[], messages text[], titles text[], scripts text[], deadlines timestamptz[], at timestamptz)
-- Tasks the machine opens for a person.
insert into task (
    tenant_id, task_id, kind, state, customer_id, enrolment_id, step_run_id, message_id, title, script, deadline_at,
    created_at)
select $1, x.id, x.kind, 'open', x.customer_id, nullif(x.enrolment_id, '')::uuid, nullif(x.step_run_id, '')::uuid,
    nullif(x.message_id, '')::uuid, x.title, x.script, x.deadline_at, $11
from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10)
    x (id, kind, customer_id, enrolment_id, step_run_id, message_id, title, script, deadline_at)
returning task.task_id;

-- name: message_task_cancel(tenant uuid, enrolments uuid[], reasons text[], at timestamptz)
--+ -> task_id uuid, kind text, customer_id uuid, state text, outcome text
-- What ends a case, payment before all, cancels what people were asked to do about it.
update task t set state = 'cancelled', outcome = x.reason, closed_at = $4
from unnest($2, $3) x (enrolment_id, reason)
where t.tenant_id = $1 and t.enrolment_id = x.enrolment_id and t.state = 'open'
returning t.task_id, t.kind, t.customer_id, t.state, t.outcome;

-- name: message_hold_insert(tenant uuid, ids uuid[], customers uuid[], invoices uuid[], at timestamptz)
-- Invoices an entry policy leaves alone, held until somebody releases them.
insert into hold (tenant_id, hold_id, scope, customer_id, invoice_id, reason, note, from_at, created_at)
select $1, x.id, 'invoice', x.customer_id, x.invoice_id, 'before_enrolment', 'left alone by the entry policy', $5, $5
from unnest($2, $3, $4) x (id, customer_id, invoice_id)
returning hold.hold_id;
