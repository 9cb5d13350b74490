-- name: simulation_insert(tenant uuid, simulation uuid, purpose text, workflow uuid?, document jsonb?, moves_cases bool,
--+ entry_policy text?, days integer, payments text, begins_at timestamptz, sums jsonb, shown text?, created_by text)
-- As asked for; a worker, or who asked, takes it up.
insert into simulation (
    tenant_id, simulation_id, purpose, state, workflow_id, document, moves_cases, entry_policy, days, payments,
    begins_at, sums, shown, created_by, created_at)
values ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $10);

-- name: simulation_by_id(tenant uuid, simulation uuid)
--+ -> simulation_id uuid, purpose text, state text, workflow_id uuid?, document jsonb?, moves_cases bool,
--+ entry_policy text?, days integer, payments text, begins_at timestamptz, run integer, reached uuid?,
--+ customers_done integer, customers_differing integer, sums jsonb, live_sums jsonb?, shown text?, problem text?,
--+ created_by text, created_at timestamptz, finished_at timestamptz?, used_at timestamptz?
-- One simulation as shown and as worked on.
select simulation_id, purpose, state, workflow_id, document, moves_cases, entry_policy, days, payments, begins_at, run,
    reached, customers_done, customers_differing, sums, live_sums, shown, problem, created_by, created_at, finished_at,
    used_at
from simulation
where tenant_id = $1 and simulation_id = $2;

-- name: simulation_page(tenant uuid, before uuid?, count bigint)
--+ -> simulation_id uuid, purpose text, state text, workflow_id uuid?, document jsonb?, moves_cases bool,
--+ entry_policy text?, days integer, payments text, begins_at timestamptz, run integer, reached uuid?,
--+ customers_done integer, customers_differing integer, sums jsonb, live_sums jsonb?, shown text?, problem text?,
--+ created_by text, created_at timestamptz, finished_at timestamptz?, used_at timestamptz?
-- Newest first.
select simulation_id, purpose, state, workflow_id, document, moves_cases, entry_policy, days, payments, begins_at, run,
    reached, customers_done, customers_differing, sums, live_sums, shown, problem, created_by, created_at, finished_at,
    used_at
from simulation
where tenant_id = $1 and ($2::uuid is null or simulation_id < $2)
order by simulation_id desc
limit $3;

-- name: simulation_take(tenant uuid, simulation uuid) -> run integer
-- Whoever takes it up is the one who may write it from now on.
update simulation
set run = run + 1, state = 'running'
where tenant_id = $1 and simulation_id = $2 and state in ('queued', 'running')
returning run;

-- name: simulation_reach(tenant uuid, simulation uuid, run integer, reached uuid, done integer, differing integer,
--+ sums jsonb, live_sums jsonb?)
-- A portion of the customers is done.
update simulation
set reached = $4, customers_done = $5, customers_differing = $6, sums = $7, live_sums = $8
where tenant_id = $1 and simulation_id = $2 and run = $3 and state = 'running';

-- name: simulation_end(tenant uuid, simulation uuid, run integer, state text, problem text?, at timestamptz)
-- Done, or failed with the reason.
update simulation
set state = $4, problem = $5, finished_at = $6
where tenant_id = $1 and simulation_id = $2 and run = $3 and state = 'running';

-- name: simulation_use(tenant uuid, simulation uuid, at timestamptz)
-- What was confirmed is being done: no simulation confirms twice.
update simulation
set used_at = $3
where tenant_id = $1 and simulation_id = $2 and state = 'done' and used_at is null;

-- name: simulation_customers(tenant uuid, after uuid?, count integer) -> customer_id uuid
-- Who may be written to at all, in order: whoever owes something.
select c.customer_id
from customer c
where c.tenant_id = $1 and ($2::uuid is null or c.customer_id > $2)
    and exists (
        select 1 from invoice v
        where v.tenant_id = $1 and v.customer_id = c.customer_id and v.settled_at is null)
order by c.customer_id
limit $3;

-- name: simulation_delays(tenant uuid, customers uuid[]) -> customer_id uuid, days integer
-- After how many days the customers paid their last invoices, half of them sooner.
select p.customer_id, percentile_disc(0.5) within group (order by p.days)::integer as days
from unnest($2) as k (customer_id)
cross join lateral (
    select v.customer_id, (e.last_day - v.due_date) as days
    from invoice v
    cross join lateral (
        select max(l.value_date) as last_day
        from ledger_entry l
        where l.tenant_id = $1 and l.invoice_id = v.invoice_id and l.kind in ('payment', 'transfer')
    ) e
    where v.tenant_id = $1 and v.customer_id = k.customer_id and v.settled_at is not null and v.due_date is not null
        and e.last_day is not null
    order by v.due_date desc
    limit 24
) p
group by p.customer_id;

-- name: simulation_event_insert(tenant uuid, simulation uuid, customers uuid[], seqs integer[], at timestamptz[],
--+ kinds text[], days text[], enrolments text[], steps text[], reasons text[], channels text[], stages text[],
--+ tasks text[], sections text[])
-- Empty texts stand for NULL. A portion done again after a crash writes the same rows.
insert into simulation_event (
    tenant_id, simulation_id, customer_id, seq, at, kind, day, enrolment_id, step, reason, channel, stage, task,
    sections)
select $1, $2, x.customer_id, x.seq, x.at, x.kind, nullif(x.day, '')::date, nullif(x.enrolment, '')::uuid,
    nullif(x.step, ''), nullif(x.reason, ''), nullif(x.channel, ''), nullif(x.stage, '')::integer,
    nullif(x.task, ''), nullif(x.sections, '')::jsonb
from unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    x (customer_id, seq, at, kind, day, enrolment, step, reason, channel, stage, task, sections)
on conflict on constraint simulation_event_pk do nothing;

-- name: simulation_event_page(tenant uuid, simulation uuid, customer uuid?, seq integer, kind text?, only uuid?,
--+ count integer)
--+ -> customer_id uuid, seq integer, at timestamptz, kind text, day date?, enrolment_id uuid?, step text?, reason text?,
--+ channel text?, stage integer?, task text?, sections jsonb?
-- By customer, each in the order in which it would happen; from behind a place, of one kind or customer where asked for.
select customer_id, seq, at, kind, day, enrolment_id, step, reason, channel, stage, task, sections
from simulation_event
where tenant_id = $1 and simulation_id = $2
    and ($3::uuid is null or (customer_id, seq) > ($3, $4)) and ($5::text is null or kind = $5)
    and ($6::uuid is null or customer_id = $6)
order by customer_id, seq
limit $7;

-- name: simulation_prune_events(tenant uuid, before uuid, limit integer)
-- What old simulations showed, some at a time.
delete from simulation_event e
using (
    select o.simulation_id, o.customer_id, o.seq
    from simulation_event o
    where o.tenant_id = $1 and o.simulation_id < $2
    order by o.simulation_id, o.customer_id, o.seq
    limit $3
) old
where e.tenant_id = $1 and e.simulation_id = old.simulation_id and e.customer_id = old.customer_id and e.seq = old.seq;

-- name: simulation_prune(tenant uuid, before uuid)
-- Old simulations that hold nothing any more.
delete from simulation s where s.tenant_id = $1 and s.simulation_id < $2;
