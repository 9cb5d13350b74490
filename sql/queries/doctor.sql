-- name: doctor_tenants() -> tenant_id uuid, name text
-- Whom to examine.
select t.tenant_id, t.name from tenant t order by t.tenant_id;

-- name: doctor_queue(tenant uuid) -> finding text, subject_id uuid
-- Due rows match step runs, and what is on its way has a lease behind it.
select 'due row without a planned or travelling step' as finding, d.due_id as subject_id
from q.due d
left join step_run s on s.tenant_id = $1 and s.step_run_id = d.ref
where d.tenant_id = $1 and d.kind = 'step' and (s.step_run_id is null or s.state not in ('planned', 'sending'))
union all
select 'armed due row whose step is not on its way', d.due_id
from q.due d
join step_run s on s.tenant_id = $1 and s.step_run_id = d.ref and s.state <> 'sending'
where d.tenant_id = $1 and d.kind = 'step' and d.phase = 2
union all
select 'message on the wire without an armed due row', m.message_id
from message m
where m.tenant_id = $1 and m.state = 'sending'
    and not exists (
        select 1 from step_run s
        join q.due d on d.tenant_id = $1 and d.ref = s.step_run_id and d.phase = 2
        where s.tenant_id = $1 and s.message_id = m.message_id)
union all
select 'step on its way without a message on the wire', s.step_run_id
from step_run s
left join message m on m.tenant_id = $1 and m.message_id = s.message_id
where s.tenant_id = $1 and s.state = 'sending' and (m.message_id is null or m.state <> 'sending')
union all
select 'due row on a lane of another kind', d.due_id
from q.due d
join q.lane l on l.tenant_id = $1 and l.lane_id = d.lane_id
where d.tenant_id = $1 and d.kind <> 'step' and l.kind <> all (case
    when d.kind in ('import', 'simulate', 'move') then array['bulk']
    when d.kind in ('fold', 'prune', 'judge', 'reassign') then array['upkeep']
    when d.kind = 'note' then array['mail', 'sms']
    else array['internal'] end);

-- name: doctor_ledger(tenant uuid) -> finding text, subject_id uuid
-- Entries, documents and caches agree to the cent.
select 'invoice whose entries differ from its total' as finding, v.invoice_id as subject_id
from invoice v
left join lateral (
    select sum(e.amount) as amount from ledger_entry e
    where e.tenant_id = $1 and e.invoice_id = v.invoice_id and e.kind in ('invoice', 'adjustment')
) e on true
where v.tenant_id = $1 and coalesce(e.amount, 0) <> v.total
union all
select 'received payment whose entries differ from its amount', p.payment_id
from payment p
left join lateral (
    select sum(e.amount) as amount from ledger_entry e
    where e.tenant_id = $1 and e.payment_id = p.payment_id and e.kind in ('payment', 'credit_note')
) e on true
where p.tenant_id = $1 and coalesce(e.amount, 0) <> case when p.status in ('succeeded', 'reversed') then -p.amount else 0 end
union all
select 'payment whose credit differs from its entries', p.payment_id
from payment p
left join lateral (
    select -sum(e.amount) as amount from ledger_entry e
    where e.tenant_id = $1 and e.payment_id = p.payment_id and e.invoice_id is null
) e on true
where p.tenant_id = $1 and coalesce(e.amount, 0) <> p.unallocated
union all
select 'payment taken back as a whole of which something stands', p.payment_id
from payment p
where p.tenant_id = $1 and p.status = 'reversed' and (
    select sum(e.amount) from ledger_entry e where e.tenant_id = $1 and e.payment_id = p.payment_id) <> 0
union all
select 'payment whose transfers do not add up', e.payment_id
from ledger_entry e
where e.tenant_id = $1 and e.kind = 'transfer'
group by e.payment_id
having sum(e.amount) <> 0
union all
select distinct 'payment whose money stands in two places on some day', o.payment_id
from (
    select e.payment_id, sum(-sum(e.amount)) over (partition by e.payment_id, e.invoice_id order by e.value_date) as standing
    from ledger_entry e
    where e.tenant_id = $1 and e.payment_id is not null
    group by e.payment_id, e.invoice_id, e.value_date
) o
where o.standing < 0
union all
select 'invoice covered by more than its total', v.invoice_id
from invoice v
where v.tenant_id = $1 and (
    select sum(e.amount) from ledger_entry e where e.tenant_id = $1 and e.invoice_id = v.invoice_id) < 0
union all
select 'invoice whose settled mark differs from its entries', v.invoice_id
from invoice v
left join lateral (
    select sum(e.amount) as amount from ledger_entry e where e.tenant_id = $1 and e.invoice_id = v.invoice_id
) e on true
where v.tenant_id = $1 and (v.settled_at is not null) <> (coalesce(e.amount, 0) <= 0);

-- name: doctor_cases(tenant uuid) -> finding text, subject_id uuid
-- Every open debt with a due date has its case, unless credit covers all there is; no step of a closed case is open.
select distinct 'open invoice with a due date and no case' as finding, v.invoice_id as subject_id
from invoice v
where v.tenant_id = $1 and v.settled_at is null and v.due_date is not null
    and not exists (
        select 1 from enrolment e
        where e.tenant_id = $1 and e.customer_id = v.customer_id and e.brand_id = v.brand_id
            and e.currency = v.currency and e.status in ('pending', 'active', 'exhausted', 'handed_over'))
    and (
        select sum(c.balance)
        from invoice o
        left join tolerance t on t.tenant_id = $1 and t.currency = o.currency
        cross join lateral (
            select coalesce(sum(l.amount), 0) as balance
            from ledger_entry l
            where l.tenant_id = $1 and l.invoice_id = o.invoice_id
        ) c
        where o.tenant_id = $1 and o.customer_id = v.customer_id and o.brand_id = v.brand_id
            and o.currency = v.currency and o.settled_at is null and c.balance > coalesce(t.amount, 0)
    ) > (
        select coalesce(sum(p.unallocated), 0) from payment p
        where p.tenant_id = $1 and p.customer_id = v.customer_id and p.brand_id = v.brand_id
            and p.currency = v.currency and p.unallocated > 0
    )
union all
select 'open step of a closed case', s.step_run_id
from step_run s
join enrolment e on e.tenant_id = $1 and e.enrolment_id = s.enrolment_id and e.status = 'exited'
where s.tenant_id = $1 and s.state = 'planned';

-- name: doctor_idle_cases(tenant uuid, after uuid?, limit integer) -> enrolment_id uuid, customer_id uuid
-- Active cases without a next step: each must be able to say why.
select e.enrolment_id, e.customer_id
from enrolment e
where e.tenant_id = $1 and e.status = 'active' and not e.dirty and ($2::uuid is null or e.enrolment_id > $2)
    and not exists (
        select 1 from step_run s
        where s.tenant_id = $1 and s.enrolment_id = e.enrolment_id and s.state in ('planned', 'sending'))
order by e.enrolment_id
limit $3;

-- name: doctor_exposed(tenant uuid, since timestamptz, until timestamptz)
--+ -> step_run_id uuid, enrolment_id uuid, customer_id uuid, state text, message_id uuid?
-- What was armed, or fell due, around a restore: it may have been sent by the lost future.
select s.step_run_id, s.enrolment_id, s.customer_id, s.state, s.message_id
from step_run s
where s.tenant_id = $1 and (s.state = 'sending' or (s.state = 'planned' and s.due_at between $2 and $3))
order by s.step_run_id;

-- name: doctor_review(tenant uuid, enrolments uuid[])
-- Nothing is sent for these cases until a person confirms them.
update enrolment e set status = 'pending', entry_policy = 'review', dirty = false
where e.tenant_id = $1 and e.enrolment_id = any ($2) and e.status in ('active', 'pending');

-- name: doctor_restored_steps(tenant uuid, steps uuid[], at timestamptz)
-- Their steps end here.
update step_run s set state = 'skipped', reason = 'restored', finished_at = $3
where s.tenant_id = $1 and s.step_run_id = any ($2) and s.state in ('planned', 'sending');

-- name: doctor_restored_messages(tenant uuid, messages uuid[], at timestamptz)
-- They may have gone out, nobody here can know.
update message m set state = 'unknown', settled_at = $3
where m.tenant_id = $1 and m.message_id = any ($2) and m.state in ('sending', 'retrying');

-- name: doctor_clear_due(tenant uuid, steps uuid[])
-- And nothing of them stays in the queue.
delete from q.due d where d.tenant_id = $1 and d.kind = 'step' and d.ref = any ($2);

-- name: doctor_adopt(system_identifier text, timeline bigint, environment text)
-- This database is the one from now on; events go on behind all that the other one told. Whoever is writing some ends first.
update instance
set system_identifier = $1, timeline = $2, environment = $3, hold_reason = null, hold_at = null, restore_point = null,
    era = era + 1
where singleton and (select pg_advisory_xact_lock(1, 1)::text) is not null;
