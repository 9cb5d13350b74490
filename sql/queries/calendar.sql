-- name: calendar_insert(tenant uuid, calendar uuid, name text, rule text, created_at timestamptz)
-- Days are added apart.
insert into calendar (tenant_id, calendar_id, name, rule, created_at)
values ($1, $2, $3, $4, $5);

-- name: calendar_by_id(tenant uuid, calendar uuid)
--+ -> calendar_id uuid, name text, rule text, created_at timestamptz, days date[], day_names text[]
-- The days as two arrays in the same order: a calendar is always shown whole.
select c.calendar_id, c.name, c.rule, c.created_at,
    array(
        select d.day from calendar_day d
        where d.tenant_id = $1 and d.calendar_id = c.calendar_id order by d.day) as days,
    array(
        select d.name from calendar_day d
        where d.tenant_id = $1 and d.calendar_id = c.calendar_id order by d.day) as day_names
from calendar c
where c.tenant_id = $1 and c.calendar_id = $2;

-- name: calendar_page(tenant uuid, before uuid?, count bigint)
--+ -> calendar_id uuid, name text, rule text, created_at timestamptz, days date[], day_names text[]
-- Newest first, each whole.
select c.calendar_id, c.name, c.rule, c.created_at,
    array(
        select d.day from calendar_day d
        where d.tenant_id = $1 and d.calendar_id = c.calendar_id order by d.day) as days,
    array(
        select d.name from calendar_day d
        where d.tenant_id = $1 and d.calendar_id = c.calendar_id order by d.day) as day_names
from calendar c
where c.tenant_id = $1 and ($2::uuid is null or c.calendar_id < $2)
order by c.calendar_id desc
limit $3;

-- name: calendar_lock(tenant uuid, calendar uuid) -> calendar_id uuid
-- Two replacements of a calendar's days must not mix.
select calendar_id
from calendar
where tenant_id = $1 and calendar_id = $2
for no key update;

-- name: calendar_day_clear(tenant uuid, calendar uuid)
-- First half of replacing the days.
delete from calendar_day
where tenant_id = $1 and calendar_id = $2;

-- name: calendar_day_add(tenant uuid, calendar uuid, days date[], names text[])
-- Second half of replacing the days; the operation has refused a day that is there twice.
insert into calendar_day (tenant_id, calendar_id, day, name)
select $1, $2, n.day, n.name
from unnest($3::date[], $4::text[]) as n (day, name)
on conflict on constraint calendar_day_pk do nothing;
