-- name: facts_switches(tenant uuid)
--+ -> system_hold text?, system_off bool, tenant_off bool, mode text, veto_hours integer,
--+ first_contacts_per_day integer?, sources text[], stale_from bigint[]
-- The switches above every case, and what else keeps a mistake small: sources that must be heard of, with the microsecond from
-- which each has been silent for too long. Read in the arming transaction; they take effect at the next one.
select i.hold_reason as system_hold, i.kill_switch as system_off, t.kill_switch as tenant_off, t.mode, t.veto_hours,
    t.first_contacts_per_day, w.sources, w.stale_from
from tenant t cross join instance i
cross join lateral (
    select coalesce(array_agg(s.source order by s.source), '{}') as sources,
        coalesce(array_agg(
            (extract(epoch from coalesce(s.last_success_at, s.created_at)) * 1000000)::bigint
                + s.max_age_hours * 3600000000 order by s.source), '{}') as stale_from
    from source s
    where s.tenant_id = $1 and s.max_age_hours is not null
) w
where t.tenant_id = $1;

-- name: facts_cases(tenant uuid, customers uuid[])
--+ -> enrolment_id uuid, customer_id uuid, brand_id uuid, currency text, track text, workflow_version_id uuid, status text,
--+ stage integer, cycle integer, prior_stage integer, position text?, position_day date?, anchor_invoice_id uuid?,
--+ last_contact_day date?, entry_policy text?, dirty bool, next_step text?, round integer, heard integer,
--+ opened_at timestamptz
-- All open cases of these customers, in lock order.
select e.enrolment_id, e.customer_id, e.brand_id, e.currency, e.track, e.workflow_version_id, e.status, e.stage, e.cycle,
    e.prior_stage, e.position, e.position_day, e.anchor_invoice_id, e.last_contact_day, e.entry_policy, e.dirty,
    e.next_step, e.round, e.heard, e.opened_at
from enrolment e
where e.tenant_id = $1 and e.customer_id = any ($2) and e.status in ('pending', 'active', 'exhausted', 'handed_over')
order by e.enrolment_id;

-- name: facts_next_steps(tenant uuid, enrolments uuid[])
--+ -> enrolment_id uuid, step_run_id uuid, step_key text, kind text, occurrence integer, round integer,
--+ stage integer, lane_id uuid, state text, due_at timestamptz, message_id uuid?, announced_at timestamptz?
-- The one open step of each case. It keeps its message while that waits for a retry; one that went out without it is done
-- with, and must not be written over. The message of a step on the wire need not be looked up, and most steps have none: one
-- that does is looked up by its key. As a join of a table that was small when it was planned, all messages were read each time.
select s.enrolment_id, s.step_run_id, s.step_key, s.kind, s.occurrence, s.round, s.stage, s.lane_id, s.state, s.due_at,
    case
        when s.state = 'sending' then s.message_id
        when s.message_id is not null and (
            select m.state from message m where m.tenant_id = $1 and m.message_id = s.message_id
        ) = 'retrying' then s.message_id
    end as message_id, s.announced_at
from step_run s
where s.tenant_id = $1 and s.enrolment_id = any ($2) and s.state in ('planned', 'sending');

-- name: facts_done_steps(tenant uuid, enrolments uuid[])
--+ -> enrolment_id uuid, step_key text, occurrence integer, round integer, went_to text?, is_made bool
-- Steps of the running cycle that went out or were done: never planned again for the same due day.
select s.enrolment_id, s.step_key, s.occurrence, s.round, s.went_to,
    s.state <> 'skipped' and s.kind in ('email', 'sms') as is_made
from step_run s
join enrolment e on e.tenant_id = $1 and e.enrolment_id = s.enrolment_id and e.cycle = s.cycle
where s.tenant_id = $1 and s.enrolment_id = any ($2)
    and (s.state in ('done', 'sending') or s.reason in (
        'no_address', 'opted_out', 'undeliverable', 'late', 'condition_false', 'max_contacts', 'max_days',
        'not_approved', 'vetoed', 'skipped_by_hand'));

-- name: facts_invoices(tenant uuid, customers uuid[])
--+ -> invoice_id uuid, customer_id uuid, brand_id uuid, number text, issue_date date?, due_date date?, currency text,
--+ total bigint
-- Open invoices. What stands on their accounts and what else is known of them is asked for by the queries that follow, with
-- their ids: joined here, every invoice would look into seven tables, or all would be read for each.
select v.invoice_id, v.customer_id, v.brand_id, v.number, v.issue_date, v.due_date, v.currency, v.total
from invoice v
where v.tenant_id = $1 and v.customer_id = any ($2) and v.settled_at is null;

-- name: facts_balances(tenant uuid, invoices uuid[]) -> invoice_id uuid, balance bigint
-- What stands on their accounts; nothing where nothing was ever entered.
select e.invoice_id, sum(e.amount)::bigint as balance
from ledger_entry e
where e.tenant_id = $1 and e.invoice_id = any ($2)
group by e.invoice_id;

-- name: facts_tolerances(tenant uuid) -> currency text, amount bigint
-- What is too little to ask for; few rows, read whole.
select t.currency, t.amount from tolerance t where t.tenant_id = $1;

-- name: facts_terms(tenant uuid, invoices uuid[]) -> invoice_id uuid, due_date date?, amount bigint
-- Instalments as they stand, in their order. Most invoices have none.
select m.invoice_id, m.due_date, m.amount
from invoice_term m
where m.tenant_id = $1 and m.invoice_id = any ($2) and m.until_day = 'infinity'
order by m.invoice_id, m.due_date, m.number;

-- name: facts_open_to_others(tenant uuid, invoices uuid[], at timestamptz)
--+ -> invoice_id uuid, amount bigint?, until_at timestamptz?, is_disputed bool
-- What of these is not to be asked for in part: money under way and not too old, and disputes that nobody has resolved
-- (of all, where there is no amount).
select m.invoice_id, m.amount, m.expires_at as until_at, false as is_disputed
from in_flight m
where m.tenant_id = $1 and m.invoice_id = any ($2) and m.expires_at > $3
union all
select q.invoice_id, q.amount, null, true
from dispute q
where q.tenant_id = $1 and q.invoice_id = any ($2) and q.resolved_at is null;

-- name: facts_pauses(tenant uuid, invoices uuid[], customers uuid[], at timestamptz)
--+ -> invoice_id uuid, until_at timestamptz?, promised bool
-- Which of these are held, promised, or in a plan that runs, and until when, if that is known. A promise is given two days
-- of grace, in the zone of the invoice's brand.
select w.invoice_id, w.until_at, w.promised
from (
    select x.invoice_id, x.until_at, false as promised
    from hold x
    where x.tenant_id = $1 and x.customer_id = any ($3) and x.invoice_id = any ($2) and x.released_at is null
        and x.from_at <= $4
    union all
    select k.invoice_id, (p.due_on + 3)::timestamp at time zone b.zone, true
    from promise_invoice k
    join promise p on p.tenant_id = $1 and p.promise_id = k.promise_id and p.cancelled_on is null and p.pauses
    join invoice v on v.tenant_id = $1 and v.invoice_id = k.invoice_id
    join brand b on b.tenant_id = $1 and b.brand_id = v.brand_id
    where k.tenant_id = $1 and k.invoice_id = any ($2)
    union all
    select r.invoice_id, null, true
    from payment_plan_invoice r
    join payment_plan n on n.tenant_id = $1 and n.payment_plan_id = r.payment_plan_id and n.state = 'running'
    where r.tenant_id = $1 and r.invoice_id = any ($2)
) w
where w.until_at is null or w.until_at > $4;

-- name: facts_credit(tenant uuid, customers uuid[])
--+ -> customer_id uuid, brand_id uuid, currency text, credit bigint
-- Unapplied credit, netted in the gate.
select p.customer_id, p.brand_id, p.currency, sum(p.unallocated)::bigint as credit
from payment p
where p.tenant_id = $1 and p.customer_id = any ($2) and p.unallocated > 0
group by p.customer_id, p.brand_id, p.currency;

-- name: facts_holds(tenant uuid, customers uuid[], at timestamptz)
--+ -> hold_id uuid, scope text, brand_id uuid?, customer_id uuid?, reason text, until_at timestamptz?
-- Holds in force above single invoices: on the customers, and on brands or the whole tenant.
select h.hold_id, h.scope, h.brand_id, h.customer_id, h.reason, h.until_at
from hold h
where h.tenant_id = $1 and h.released_at is null and h.from_at <= $3 and (h.until_at is null or h.until_at > $3)
    and (h.scope in ('tenant', 'brand') or (h.scope = 'customer' and h.customer_id = any ($2)));

-- name: facts_contacts(tenant uuid, customers uuid[])
--+ -> contact_id uuid, customer_id uuid, name text, email text?, email_key text?, phone text?, zone text?,
--+ opted_out bool, suppressed bool, phone_suppressed bool
-- Contacts in the order they are written to; those that came with a merge after the customer's own.
select c.contact_id, c.customer_id, c.name, c.email, c.email_key, c.phone, c.zone, c.opted_out,
    c.suppressed_reason is not null as suppressed, s.reason is not null as phone_suppressed
from contact c
left join suppression s on s.tenant_id = $1 and s.channel = 'sms' and s.address_key = c.phone
where c.tenant_id = $1 and c.customer_id = any ($2)
order by c.customer_id,
    case when c.role = 'billing' then 0 when c.role = 'manager' then 1 else 2 end, c.merged_from is not null,
    c.contact_id;

-- name: facts_contacted(tenant uuid, keys text[], since date)
--+ -> address_key text, day date, message_id uuid
-- Recent contacts by address, across brands and channels of the tenant.
select b.address_key, b.day, b.message_id
from contact_budget b
where b.tenant_id = $1 and b.address_key = any ($2) and b.day >= $3
order by b.address_key, b.day;

-- name: facts_customers(tenant uuid, customers uuid[])
--+ -> customer_id uuid, external_id text, name text, kind text, zone text?, locale text?, workflow_id uuid?, country text?,
--+ owner text?, exclusion text?, attributes jsonb, risk_band text?, collection_method text?, segments text[]
-- What messages, zones and conditions need of the customers, and the segments somebody put them into.
select c.customer_id, c.external_id, c.name, c.kind, c.zone, c.locale, c.workflow_id, c.country, c.owner, c.exclusion,
    c.attributes, c.risk_band, c.collection_method, s.segments
from customer c
cross join lateral (
    select coalesce(array_agg(g.name order by g.name), '{}') as segments
    from segment_member m
    join segment g on g.tenant_id = $1 and g.segment_id = m.segment_id and g.condition is null
    where m.tenant_id = $1 and m.customer_id = c.customer_id
) s
where c.tenant_id = $1 and c.customer_id = any ($2);

-- name: facts_brands(tenant uuid)
--+ -> brand_id uuid, name text, legal_name text, address text, phone text?, from_name text, from_address text,
--+ reply_to text?, zone text, locale text, calendar_id uuid?, calendar_rule text?, gateway_id uuid?, sms_gateway_id uuid?,
--+ workflow_id uuid?, grace_days integer, window_days smallint[], window_opens smallint, window_closes smallint, header text,
--+ footer text, kill_switch bool
-- The tenant's brands with their rules; few rows, read whole.
select b.brand_id, b.name, b.legal_name, b.address, b.phone, b.from_name, b.from_address, b.reply_to, b.zone, b.locale,
    b.calendar_id, c.rule as calendar_rule, b.gateway_id, b.sms_gateway_id, b.workflow_id, b.grace_days, b.window_days,
    b.window_opens, b.window_closes, b.header, b.footer, b.kill_switch
from brand b
left join calendar c on c.tenant_id = $1 and c.calendar_id = b.calendar_id
where b.tenant_id = $1;

-- name: facts_calendar_days(tenant uuid, since date)
--+ -> calendar_id uuid, day date
-- The tenant's own holidays from a day on.
select d.calendar_id, d.day
from calendar_day d
where d.tenant_id = $1 and d.day >= $2;

-- name: facts_workflows(tenant uuid, versions uuid[])
--+ -> workflow_version_id uuid, workflow_id uuid, escalation_gap_days integer, limits jsonb?, kill_switch bool
-- The versions these cases follow. Versions never change; the switch is the workflow's.
select v.workflow_version_id, v.workflow_id, v.escalation_gap_days, v.limits, w.kill_switch
from workflow_version v
join workflow w on w.tenant_id = $1 and w.workflow_id = v.workflow_id
where v.tenant_id = $1 and v.workflow_version_id = any ($2);

-- name: facts_steps(tenant uuid, versions uuid[])
--+ -> workflow_version_id uuid, step_key text, kind text, timing text, days integer, template_id uuid?, tier text,
--+ wait_for_outcome bool, deadline_business_days integer, script text?, fallback text?, options jsonb?
-- Their steps, in order.
select s.workflow_version_id, s.step_key, s.kind, s.timing, s.days, s.template_id, s.tier, s.wait_for_outcome,
    s.deadline_business_days, s.script, s.fallback, s.options
from workflow_step s
where s.tenant_id = $1 and s.workflow_version_id = any ($2)
order by s.workflow_version_id, s.position;

-- name: facts_awaited_tasks(tenant uuid, enrolments uuid[])
--+ -> enrolment_id uuid, deadline_at timestamptz
-- Open call tasks whose outcome the next step waits for.
select t.enrolment_id, max(t.deadline_at) as deadline_at
from task t
join step_run s on s.tenant_id = $1 and s.step_run_id = t.step_run_id
join enrolment e on e.tenant_id = $1 and e.enrolment_id = t.enrolment_id
join workflow_step w on w.tenant_id = $1 and w.workflow_version_id = e.workflow_version_id
    and w.step_key = s.step_key and w.wait_for_outcome
where t.tenant_id = $1 and t.enrolment_id = any ($2) and t.state = 'open' and t.deadline_at is not null
group by t.enrolment_id;

-- name: facts_punctuality(tenant uuid, customers uuid[], from date, before date)
--+ -> customer_id uuid, due bigint, in_time bigint
-- Of the invoices that fell due in these days, how many there were, and how many were covered by their day: of instalments,
-- the last. Adjustments are in the total already.
select v.customer_id, count(*) as due,
    count(*) filter (where v.settled_at is not null and v.total - c.covered <= coalesce(t.amount, 0)) as in_time
from invoice v
left join tolerance t on t.tenant_id = $1 and t.currency = v.currency
cross join lateral (
    select coalesce(max(m.due_date), v.due_date) as day
    from invoice_term m
    where m.tenant_id = $1 and m.invoice_id = v.invoice_id and m.until_day = 'infinity'
) d
cross join lateral (
    select coalesce(-sum(e.amount), 0) as covered
    from ledger_entry e
    where e.tenant_id = $1 and e.invoice_id = v.invoice_id and e.kind not in ('invoice', 'adjustment')
        and e.value_date <= d.day
) c
where v.tenant_id = $1 and v.customer_id = any ($2) and v.due_date >= $3 and v.due_date < $4 and d.day < $4
    and v.total > 0
group by v.customer_id;

-- name: facts_promises(tenant uuid, customers uuid[], from date, grace integer)
--+ -> customer_id uuid, brand_id uuid, amount bigint, made_on date, due_on date, received bigint
-- Promises of these customers since a day that were not cancelled, with the money that came for the promised invoices from
-- the day they were made to the end of their grace; for any of the customer's where none was named.
select p.customer_id, p.brand_id, p.amount, p.made_on, p.due_on,
    (case when i.invoices = '{}' then coalesce(a.amount, 0) else coalesce(n.amount, 0) end)::bigint as received
from promise p
cross join lateral (
    select coalesce(array_agg(k.invoice_id), '{}') as invoices
    from promise_invoice k
    where k.tenant_id = $1 and k.promise_id = p.promise_id
) i
left join lateral (
    select -sum(e.amount) as amount
    from ledger_entry e
    left join payment y on y.tenant_id = $1 and y.payment_id = e.payment_id
    where e.tenant_id = $1 and e.invoice_id = any (i.invoices) and e.value_date >= p.made_on
        and e.value_date <= p.due_on + $4 and e.kind in ('payment', 'transfer', 'reversal') and y.kind = 'payment'
) n on true
left join lateral (
    select -sum(e.amount) as amount
    from payment y
    join ledger_entry e on e.tenant_id = $1 and e.payment_id = y.payment_id and e.kind in ('payment', 'reversal')
        and e.value_date >= p.made_on and e.value_date <= p.due_on + $4
    where y.tenant_id = $1 and y.customer_id = p.customer_id and y.brand_id = p.brand_id and y.currency = p.currency
        and y.kind = 'payment' and i.invoices = '{}'
) a on true
where p.tenant_id = $1 and p.customer_id = any ($2) and p.due_on >= $3 and p.cancelled_on is null;
