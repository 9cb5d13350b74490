-- name: instance_server()
--+ -> system_identifier text, timeline bigint
-- Which cluster this is, and on which history: a copy that was promoted or rewound is on another timeline.
select s.system_identifier::text as system_identifier, c.timeline_id::bigint as timeline
from pg_control_system() s cross join pg_control_checkpoint() c;

-- name: instance_is_empty()
--+ -> is_empty bool
-- Nothing was ever done here. Only the owner asks, and sees all tenants.
select not exists (select 1 from instance) and not exists (select 1 from tenant) as is_empty;

-- name: instance_add(system_identifier text, timeline bigint, environment text, at timestamptz)
-- Who this database is; written once.
insert into instance (system_identifier, timeline, environment, created_at)
values ($1, $2, $3, $4)
on conflict on constraint instance_pk do nothing;

-- name: instance_force_security()
-- Row-level security binds the tables' owner too.
select sec.force(true);

-- name: instance_clock()
--+ -> clock_offset_us bigint
-- How far the product's clock is from real time.
select clock_offset_us
from instance;

-- name: instance_clock_set(clock_offset_us bigint)
-- Programs follow within 250 ms.
update instance
set clock_offset_us = $1
where singleton;

-- name: instance_standing()
--+ -> system_identifier text, timeline bigint, environment text, hold_reason text?, server_identifier text,
--+ server_timeline bigint
-- Is this still the database it says it is? A dump restored elsewhere, a recovery to a point in time, a promotion and
-- another environment do not match.
select i.system_identifier, i.timeline, i.environment, i.hold_reason,
    s.system_identifier::text as server_identifier, c.timeline_id::bigint as server_timeline
from instance i cross join pg_control_system() s cross join pg_control_checkpoint() c;

-- name: instance_hold(reason text, at timestamptz, restore_point timestamptz?)
-- The whole system holds; the first reason stays.
update instance set hold_reason = $1, hold_at = $2, restore_point = $3 where hold_reason is null;

-- name: instance_last_sign() -> heartbeat_at timestamptz?, clock_offset_us bigint, restore_point timestamptz?
-- The last sign of life in this copy of the data (database time): a restore goes back to about then.
select max(w.heartbeat_at) as heartbeat_at, i.clock_offset_us, i.restore_point
from instance i left join q.worker w on true
group by i.clock_offset_us, i.restore_point;

-- name: instance_switch(off bool)
-- Everything stops from the next message on, or goes on.
update instance
set kill_switch = $1
where singleton;

-- name: instance_is_off() -> is_off bool
-- Whether the whole system is switched off.
select kill_switch as is_off
from instance;

-- name: instance_analyze() -> tables integer
-- Has the planner know what was filled a moment ago; of how many tables it had to learn.
select analyze_grown() as tables;
