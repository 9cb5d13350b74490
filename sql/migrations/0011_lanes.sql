-- Fair turns, limits and dead letters of lanes, what runs again and again, and what a fenced worker still knows.

-- A tenant's share of the workers where they are short: 100 is one share.
alter table tenant add column weight integer not null default 100;
alter table tenant add constraint tenant_weight_range check (weight between 1 and 10000);

-- Messages a relay takes at most in any minute, over all workers; none: as many as its sessions can carry.
alter table gateway add column rate_per_minute integer;
alter table gateway add constraint gateway_rate_range check (rate_per_minute between 1 and 60000);

-- pass: work done divided by the weight; began: where the last claim began, and so how far the queue's time has gone.
-- floor_at: no look goes left of it but a full one, so that dead index entries behind it are not walked again.
-- tokens (millionths of a message), tokens_at, free_at: the rate (database time). held_reason: an operator's pause, until it is taken away.
alter table q.lane
    add column pass bigint not null default 0,
    add column began bigint not null default 0,
    add column floor_at timestamptz not null default '-infinity',
    add column tokens bigint not null default 0,
    add column tokens_at timestamptz not null default '-infinity',
    add column free_at timestamptz not null default '-infinity',
    add column held_reason text;
alter table q.lane drop constraint lane_kind_known;
alter table q.lane add constraint lane_kind_known check (kind in ('mail', 'sms', 'internal', 'bulk', 'upkeep'));
create unique index lane_one_upkeep on q.lane (tenant_id) where kind = 'upkeep';

-- Sessions of one gateway that one worker uses or is about to; those of all who were heard lately never sum to more than it
-- allows. One without any waits for some.
create table q.seat (
    tenant_id uuid not null,
    lane_id uuid not null,
    worker_id uuid not null,
    seats integer not null,
    touched_at timestamptz not null,
    constraint seat_pk primary key (tenant_id, lane_id, worker_id),
    constraint seat_lane_fk foreign key (tenant_id, lane_id) references q.lane (tenant_id, lane_id),
    constraint seat_count check (seats >= 0)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
select sec.protect('q.seat');
grant select, insert, update, delete on q.seat to recoup_worker;

-- priority: 0 goes before what was planned (1). phase 3: a dead letter, failed too often for reasons of ours; error says why.
alter table q.due
    add column priority smallint not null default 1,
    add column failures integer not null default 0,
    add column error text,
    add column failed_at timestamptz;
alter table q.due drop constraint due_phase_known;
alter table q.due add constraint due_phase_known check (phase in (0, 1, 2, 3));
alter table q.due drop constraint due_leased;
alter table q.due add constraint due_leased
    check ((phase in (0, 3)) = (worker_id is null) and (phase in (0, 3)) = (lease is null));
alter table q.due add constraint due_priority_known check (priority in (0, 1));
alter table q.due drop constraint due_kind_known;
alter table q.due add constraint due_kind_known
    check (kind in ('step', 'drain', 'plan', 'settle', 'fold', 'import', 'prune'));
drop index q.due_claim;
create index due_claim on q.due (tenant_id, lane_id, priority, run_at, due_id) where phase = 0;
create index due_dead on q.due (tenant_id, due_id) where phase = 3;
grant select (failures, failed_at) on q.due to recoup_metrics;
grant select (customer_id) on enrolment to recoup_dispatch;

-- What a worker that had lost its lease reported after all.
alter table attempt add column late_outcome text;
alter table attempt add column late_at timestamptz;
alter table attempt add constraint attempt_late_outcome_known check (
    late_outcome in ('accepted', 'transient', 'permanent', 'gateway', 'unknown', 'not_begun'));

-- Finished work is deleted when it is old.
grant delete on attempt, step_run to recoup_worker;

-- A person may decide what became of a message: it is settled then, and where it never left, the contact is given back.
grant update (reply) on message to recoup_api, recoup_bulk;
grant delete on contact_budget to recoup_api, recoup_bulk;

-- Work of the instance as a whole, by turns (database time): whoever finds it due takes it. No tenant, no personal data:
-- exempt from row-level security by name.
create table q.periodic (
    name text not null,
    every_seconds integer not null,
    next_at timestamptz not null,
    worker_id uuid,
    began_at timestamptz,
    constraint periodic_pk primary key (name),
    constraint periodic_seconds check (every_seconds > 0)
);
insert into q.periodic (name, every_seconds, next_at) values
    ('rescue', 5, '2000-01-01'), ('fold', 3, '2000-01-01'), ('prune', 21600, '2000-01-01')
on conflict do nothing;
grant select, update on q.periodic to recoup_dispatch;
grant select on q.periodic to recoup_metrics;

-- Functions whose rows have other columns now are made anew.
drop function if exists q.ready_lanes(timestamptz, timestamptz, interval, integer);
drop function if exists q.claim(uuid, uuid, uuid, timestamptz, integer);
