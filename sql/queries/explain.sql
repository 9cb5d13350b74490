-- name: explain_steps(tenant uuid, customer uuid, limit integer)
--+ -> step_run_id uuid, enrolment_id uuid, step_key text, kind text, stage integer, state text, reason text?,
--+ due_at timestamptz, planned_at timestamptz, finished_at timestamptz?, message_id uuid?, trace jsonb?
-- What happened to the steps of a customer's cases, the newest first.
select s.step_run_id, s.enrolment_id, s.step_key, s.kind, s.stage, s.state, s.reason, s.due_at, s.planned_at,
    s.finished_at, s.message_id, s.trace
from step_run s
where s.tenant_id = $1 and s.customer_id = $2
order by coalesce(s.finished_at, s.planned_at) desc, s.step_run_id desc
limit $3;

-- name: explain_closed_cases(tenant uuid, customer uuid)
--+ -> enrolment_id uuid, currency text, exit_reason text, stage integer, opened_at timestamptz, closed_at timestamptz
-- Cases that ended.
select e.enrolment_id, e.currency, e.exit_reason, e.stage, e.opened_at, e.closed_at
from enrolment e
where e.tenant_id = $1 and e.customer_id = $2 and e.status = 'exited'
order by e.closed_at desc
limit 20;

-- name: message_page(tenant uuid, customer uuid?, invoice uuid?, before uuid?, count integer, state text?)
--+ -> message_id uuid, customer_id uuid, brand_id uuid, contact_id uuid, gateway_id uuid, channel text, address text,
--+ stage integer, tier text, state text, locale text, subject text, crossed bool, attempts integer, armed_at timestamptz,
--+ settled_at timestamptz?, reply text?, created_at timestamptz, delivery text?
-- Newest first.
select m.message_id, m.customer_id, m.brand_id, m.contact_id, m.gateway_id, m.channel, m.address, m.stage, m.tier,
    m.state, m.locale, m.subject, m.crossed, m.attempts, m.armed_at, m.settled_at, m.reply, m.created_at,
    m.delivery
from message m
where m.tenant_id = $1 and ($2::uuid is null or m.customer_id = $2) and ($4::uuid is null or m.message_id < $4)
    and ($6::text is null or m.state = $6)
    and ($3::uuid is null or exists (
        select 1 from message_line l
        where l.tenant_id = $1 and l.message_id = m.message_id and l.invoice_id = $3))
order by m.message_id desc
limit $5;

-- name: message_by_id(tenant uuid, message uuid)
--+ -> message_id uuid, customer_id uuid, brand_id uuid, contact_id uuid, gateway_id uuid, channel text, address text,
--+ stage integer, tier text, state text, locale text, subject text, crossed bool, attempts integer, armed_at timestamptz,
--+ settled_at timestamptz?, reply text?, created_at timestamptz, delivery text?
-- One message as shown.
select m.message_id, m.customer_id, m.brand_id, m.contact_id, m.gateway_id, m.channel, m.address, m.stage, m.tier,
    m.state, m.locale, m.subject, m.crossed, m.attempts, m.armed_at, m.settled_at, m.reply, m.created_at,
    m.delivery
from message m
where m.tenant_id = $1 and m.message_id = $2;

-- name: message_bodies(tenant uuid, message uuid) -> text_body text?, html_body text?, bytes bytea, channel text
-- What it said: of late, in its bytes alone.
select m.text_body, m.html_body, m.bytes, m.channel from message m where m.tenant_id = $1 and m.message_id = $2;

-- name: message_lines(tenant uuid, message uuid)
--+ -> invoice_id uuid, number text, currency text, open_amount bigint, days_overdue integer
-- The invoices it listed.
select l.invoice_id, v.number, l.currency, l.open_amount, l.days_overdue
from message_line l
join invoice v on v.tenant_id = $1 and v.invoice_id = l.invoice_id
where l.tenant_id = $1 and l.message_id = $2
order by l.currency, l.days_overdue desc, v.number;

-- name: message_attempt_list(tenant uuid, message uuid)
--+ -> attempt_id uuid, number integer, armed_at timestamptz, finished_at timestamptz?, outcome text?, code integer?,
--+ reply text?
-- Its tries on the wire.
select a.attempt_id, a.number, a.armed_at, a.finished_at, a.outcome, a.code, a.reply
from attempt a
where a.tenant_id = $1 and a.message_id = $2
order by a.number;

-- name: case_page(tenant uuid, customer uuid)
--+ -> enrolment_id uuid, brand_id uuid, currency text, track text, status text, exit_reason text?, stage integer,
--+ cycle integer, position text?, opened_at timestamptz, closed_at timestamptz?, next_key text?, next_due timestamptz?
-- The cases of a customer with their next step.
select e.enrolment_id, e.brand_id, e.currency, e.track, e.status, e.exit_reason, e.stage, e.cycle, e.position,
    e.opened_at, e.closed_at, s.step_key as next_key, s.due_at as next_due
from enrolment e
left join step_run s on s.tenant_id = $1 and s.enrolment_id = e.enrolment_id and s.state in ('planned', 'sending')
where e.tenant_id = $1 and e.customer_id = $2
order by e.opened_at desc, e.enrolment_id desc;
