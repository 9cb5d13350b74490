-- name: dispatch_case_exists()
--+ -> has_case bool
-- Whether any tenant has a case yet: then the clock only goes forward, step by step.
select exists (select 1 from enrolment) as has_case;

-- name: dispatch_gateways()
--+ -> host text, port integer
-- Where messages could go, over all tenants: a shifted clock is for sandboxes only.
select distinct host, port
from gateway
order by host, port;

-- name: dispatch_next_due(after timestamptz)
--+ -> due_at timestamptz?
-- The next instant at which anything happens in a live tenant. What waits in a paused lane is due when the pause ends.
select least(
    (
        select min(s.due_at) from step_run s join tenant t on t.tenant_id = s.tenant_id and t.mode = 'live'
        where s.state = 'planned' and s.due_at > $1
    ),
    (
        select min(greatest(d.run_at, l.paused_until))
        from q.due d
        join q.lane l on l.tenant_id = d.tenant_id and l.lane_id = d.lane_id
        join tenant t on t.tenant_id = d.tenant_id and t.mode = 'live'
        where greatest(d.run_at, l.paused_until) > $1 and d.phase < 3 and l.held_reason is null
    ),
    (
        select min(p.check_at) from promise p join tenant t on t.tenant_id = p.tenant_id and t.mode = 'live'
        where p.standing is null and p.cancelled_on is null and p.check_at > $1
    ),
    (
        select min(n.check_at) from payment_plan n join tenant t on t.tenant_id = n.tenant_id and t.mode = 'live'
        where n.state = 'running' and n.check_at > $1
    )
) as due_at;

-- name: dispatch_unsettled(now timestamptz)
--+ -> due bigint, planned bigint, dirty bigint, sending bigint, unjudged bigint
-- What keeps the clock from going on: due in the queue, due and not staged yet, cases to be planned, on the wire, promises and
-- instalments whose day has passed.
select
    (
        select count(*)
        from q.due d
        join q.lane l on l.tenant_id = d.tenant_id and l.lane_id = d.lane_id
        join tenant t on t.tenant_id = d.tenant_id and t.mode = 'live'
        where d.phase in (1, 2) or (d.phase = 0 and greatest(d.run_at, l.paused_until) <= $1 and l.held_reason is null)
    ) as due,
    (
        select count(*)
        from step_run s
        join tenant t on t.tenant_id = s.tenant_id and t.mode = 'live'
        where s.state = 'planned' and s.due_at <= $1
            and not exists (
                select 1 from q.due d where d.tenant_id = s.tenant_id and d.kind = 'step' and d.ref = s.step_run_id)
    ) as planned,
    (
        select count(*)
        from enrolment e
        join tenant t on t.tenant_id = e.tenant_id and t.mode = 'live'
        where e.dirty and e.status in ('pending', 'active', 'exhausted', 'handed_over')
            and not exists (
                select 1 from q.due d
                where d.tenant_id = e.tenant_id and d.kind = 'plan' and d.ref = e.customer_id and d.phase = 3)
    ) as dirty,
    (select count(*) from message m where m.state = 'sending') as sending,
    (
        select count(*)
        from promise p
        join tenant t on t.tenant_id = p.tenant_id and t.mode = 'live'
        where p.standing is null and p.cancelled_on is null and p.check_at <= $1
    ) + (
        select count(*)
        from payment_plan n
        join tenant t on t.tenant_id = n.tenant_id and t.mode = 'live'
        where n.state = 'running' and n.check_at <= $1
    ) as unjudged;

-- name: dispatch_sent()
--+ -> sent bigint
-- Messages that left, or may have.
select count(*) as sent
from message
where state in ('accepted', 'unknown', 'assumed_sent');
