-- name: evidence_case(tenant uuid, enrolment uuid)
--+ -> enrolment_id uuid, customer_id uuid, brand_id uuid, currency text, status text, exit_reason text?, stage integer,
--+ cycle integer, opened_at timestamptz, closed_at timestamptz?, customer_external_id text, customer_name text,
--+ customer_kind text, creditor text, creditor_address text, creditor_phone text?, workflow text, version integer
-- Who owes whom, and where the case stands; any case, also one that has ended.
select e.enrolment_id, e.customer_id, e.brand_id, e.currency, e.status, e.exit_reason, e.stage, e.cycle, e.opened_at,
    e.closed_at, c.external_id as customer_external_id, c.name as customer_name, c.kind as customer_kind,
    b.legal_name as creditor, b.address as creditor_address, b.phone as creditor_phone, w.name as workflow,
    v.number as version
from enrolment e
join customer c on c.tenant_id = $1 and c.customer_id = e.customer_id
join brand b on b.tenant_id = $1 and b.brand_id = e.brand_id
join workflow_version v on v.tenant_id = $1 and v.workflow_version_id = e.workflow_version_id
join workflow w on w.tenant_id = $1 and w.workflow_id = v.workflow_id
where e.tenant_id = $1 and e.enrolment_id = $2;

-- name: evidence_contacts(tenant uuid, customer uuid)
--+ -> contact_id uuid, role text, name text, email text?, phone text?, opted_out bool, suppressed_reason text?,
--+ created_at timestamptz
-- Whom the customer named.
select c.contact_id, c.role, c.name, c.email, c.phone, c.opted_out, c.suppressed_reason, c.created_at
from contact c
where c.tenant_id = $1 and c.customer_id = $2
order by c.contact_id;

-- name: evidence_invoices(tenant uuid, customer uuid, brand uuid, currency text)
--+ -> invoice_id uuid, number text, source text, external_id text, issue_date date?, due_date date?, total bigint,
--+ balance bigint, disputed bigint, settled_at timestamptz?, recorded_at timestamptz
-- What the customer was billed, with what is open of it.
select v.invoice_id, v.number, v.source, v.external_id, v.issue_date, v.due_date, v.total,
    coalesce(a.balance, 0)::bigint as balance, coalesce(d.amount, 0)::bigint as disputed, v.settled_at, v.recorded_at
from invoice v
left join lateral (
    select sum(e.amount) as balance from ledger_entry e where e.tenant_id = $1 and e.invoice_id = v.invoice_id
) a on true
left join lateral (
    select coalesce(q.amount, greatest(a.balance, 0)) as amount
    from dispute q
    where q.tenant_id = $1 and q.invoice_id = v.invoice_id and q.resolved_at is null
) d on true
where v.tenant_id = $1 and v.customer_id = $2 and v.brand_id = $3 and v.currency = $4
order by v.due_date, v.invoice_id;

-- name: evidence_ledger(tenant uuid, customer uuid, brand uuid, currency text, after uuid?, count integer)
--+ -> ledger_entry_id uuid, kind text, invoice text?, payment text?, amount bigint, value_date date,
--+ recorded_at timestamptz, source text?, external_id text?, note text?
-- Every movement on the account: of its invoices, and of its credit.
select e.ledger_entry_id, e.kind, v.number as invoice, y.external_id as payment, e.amount, e.value_date, e.recorded_at,
    e.source, e.external_id, e.note
from ledger_entry e
left join invoice v on v.tenant_id = $1 and v.invoice_id = e.invoice_id
left join payment y on y.tenant_id = $1 and y.payment_id = e.payment_id
where e.tenant_id = $1 and e.customer_id = $2 and e.brand_id = $3 and e.currency = $4
    and ($5::uuid is null or e.ledger_entry_id > $5)
order by e.ledger_entry_id
limit $6;

-- name: evidence_messages(tenant uuid, enrolment uuid, count integer)
--+ -> message_id uuid, channel text, address text, stage integer, tier text, state text, delivery text?, subject text,
--+ contact_day date, armed_at timestamptz, settled_at timestamptz?, reply text?, crossed bool, invoices text, bytes bytea
-- What went onto the wire and listed this case, the oldest first, byte for byte.
select m.message_id, m.channel, m.address, m.stage, m.tier, m.state, m.delivery, m.subject, m.contact_day, m.armed_at,
    m.settled_at, m.reply, m.crossed, k.invoices, m.bytes
from message m
cross join lateral (
    select string_agg(v.number, ' ' order by v.number) as invoices
    from message_line l
    join invoice v on v.tenant_id = $1 and v.invoice_id = l.invoice_id
    where l.tenant_id = $1 and l.message_id = m.message_id and l.enrolment_id = $2
) k
where m.tenant_id = $1 and m.customer_id = (
        select e.customer_id from enrolment e where e.tenant_id = $1 and e.enrolment_id = $2)
    and k.invoices is not null and m.state in ('accepted', 'refused', 'unknown', 'assumed_sent')
order by m.message_id
limit $3;

-- name: evidence_attempts(tenant uuid, messages uuid[])
--+ -> message_id uuid, attempt_id uuid, number integer, armed_at timestamptz, finished_at timestamptz?, outcome text?,
--+ code integer?, reply text?, provider_id text?
-- What their servers answered.
select a.message_id, a.attempt_id, a.number, a.armed_at, a.finished_at, a.outcome, a.code, a.reply, a.provider_id
from attempt a
where a.tenant_id = $1 and a.message_id = any ($2)
order by a.message_id, a.number;

-- name: evidence_receipts(tenant uuid, messages uuid[])
--+ -> message_id uuid, state text, code text?, received_at timestamptz
-- What their gateways reported afterwards.
select a.message_id, r.state, r.code, r.received_at
from attempt a
join receipt r on r.tenant_id = $1 and r.attempt_id = a.attempt_id
where a.tenant_id = $1 and a.message_id = any ($2)
order by r.received_at, r.receipt_id;

-- name: evidence_events(tenant uuid, customer uuid, after uuid?, count integer)
--+ -> audit_event_id uuid, at timestamptz, actor text, action text, subject_id uuid, detail jsonb
-- Everything that was done about the customer, in order.
select a.audit_event_id, a.at, a.actor, a.action, a.subject_id, a.detail
from audit_event a
where a.tenant_id = $1 and a.customer_id = $2 and ($3::uuid is null or a.audit_event_id > $3)
order by a.audit_event_id
limit $4;
