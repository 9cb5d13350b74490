-- name: safety_turn_sources(tenant uuid, at timestamptz)
--+ -> source text, is_stale bool, last_success_at timestamptz?, max_age_hours integer?
-- Sources that crossed the line since this was asked last, each noted as it is now.
update source s
set stale_since = case when x.is_stale then $2 end
from (
    select o.source, (o.max_age_hours is not null
        and coalesce(o.last_success_at, o.created_at) + o.max_age_hours * '1 hour'::interval <= $2) as is_stale
    from source o
    where o.tenant_id = $1
) x
where s.tenant_id = $1 and s.source = x.source and x.is_stale <> (s.stale_since is not null)
returning s.source, x.is_stale, s.last_success_at, s.max_age_hours;

-- name: safety_to_announce(tenant uuid, until timestamptz, limit integer) -> step_run_id uuid, customer_id uuid
-- Messages planned for this time or before that nobody was told of. Steps without a wire have no gateway's lane.
select s.step_run_id, s.customer_id
from gateway g
join step_run s on s.tenant_id = $1 and s.lane_id = g.gateway_id and s.state = 'planned' and s.due_at <= $2
    and s.announced_at is null
where g.tenant_id = $1
order by s.due_at, s.step_run_id
limit $3;

-- name: safety_announce(tenant uuid, steps uuid[], at timestamptz)
-- Somebody was told, and may object.
update step_run s set announced_at = $3
where s.tenant_id = $1 and s.step_run_id = any ($2) and s.state = 'planned' and s.announced_at is null;

-- name: safety_unannounce(tenant uuid, steps uuid[])
-- Put off for long: it is announced again before its new time.
update step_run s set announced_at = null
where s.tenant_id = $1 and s.step_run_id = any ($2) and s.state = 'planned';

-- name: safety_next(tenant uuid, now timestamptz, veto_hours integer) -> at timestamptz?
-- When the passing of time changes something next: a source falls silent, or a message is to be announced.
select least(
    (
        select min(coalesce(o.last_success_at, o.created_at) + o.max_age_hours * '1 hour'::interval)
        from source o
        where o.tenant_id = $1 and o.stale_since is null and o.max_age_hours is not null
    ),
    case when $3 > 0 then (
        select min(x.due_at) - $3 * '1 hour'::interval
        from gateway g
        cross join lateral (
            select s.due_at
            from step_run s
            where s.tenant_id = $1 and s.lane_id = g.gateway_id and s.state = 'planned' and s.announced_at is null
                and s.due_at > $2
            order by s.due_at
            limit 1
        ) x
        where g.tenant_id = $1
    ) end
) as at;

-- name: safety_wish(tenant uuid, cases uuid[], customers uuid[], brands uuid[], days date[], amounts bigint[])
-- Cases that want to make their first contact; a place that was given is lost.
insert into first_contact (tenant_id, enrolment_id, customer_id, brand_id, wanted_from, value)
select $1, x.enrolment_id, x.customer_id, x.brand_id, x.wanted_from, x.value
from unnest($2, $3, $4, $5, $6) x (enrolment_id, customer_id, brand_id, wanted_from, value)
on conflict on constraint first_contact_pk do update
set wanted_from = excluded.wanted_from, value = excluded.value, place = null, is_planned = false
where first_contact.place is not null or first_contact.wanted_from <> excluded.wanted_from
    or first_contact.value <> excluded.value;

-- name: safety_drop_wishes(tenant uuid, cases uuid[])
-- Closed before they made a contact: their places are free again.
delete from first_contact f
using enrolment e
where f.tenant_id = $1 and f.enrolment_id = any ($2) and e.tenant_id = $1 and e.enrolment_id = f.enrolment_id
    and e.last_contact_day is null;

-- name: safety_waiting(tenant uuid)
--+ -> enrolment_id uuid, customer_id uuid, brand_id uuid, wanted_from date, value bigint, shared date?
-- Cases without a place, and the place another case of the same customer has, where it is of use.
select f.enrolment_id, f.customer_id, f.brand_id, f.wanted_from, f.value, o.place as shared
from first_contact f
left join lateral (
    select min(x.place) as place
    from first_contact x
    where x.tenant_id = $1 and x.customer_id = f.customer_id and x.place >= f.wanted_from
) o on true
where f.tenant_id = $1 and f.place is null
order by f.enrolment_id;

-- name: safety_is_busy(tenant uuid) -> is_busy bool
-- Cases are to be planned, an import is at work, or a job still gives cases to another version or workflow. What only waits
-- for its step on the wire keeps nobody waiting, nor does a job that has failed.
select exists (
    select 1 from enrolment e
    where e.tenant_id = $1 and e.dirty
        and not exists (
            select 1 from q.due p where p.tenant_id = $1 and p.kind = 'plan' and p.ref = e.customer_id)
) or exists (select 1 from import i where i.tenant_id = $1 and i.state = 'applying')
or exists (select 1 from q.due r where r.tenant_id = $1 and r.kind = 'reassign' and r.phase < 3)
or exists (
    select 1
    from q.due m
    join workflow_version t on t.tenant_id = $1 and t.workflow_version_id = m.ref
    join workflow_version v on v.tenant_id = $1 and v.workflow_id = t.workflow_id and v.number < t.number
    join enrolment e on e.tenant_id = $1 and e.workflow_version_id = v.workflow_version_id
        and e.status in ('pending', 'active', 'exhausted', 'handed_over')
    where m.tenant_id = $1 and m.kind = 'move' and m.phase < 3
        and not exists (
            select 1 from step_run s
            where s.tenant_id = $1 and s.enrolment_id = e.enrolment_id and s.state = 'sending')
) as is_busy;

-- name: safety_taken(tenant uuid, since date) -> place date, customers bigint
-- How many customers have a place on each day.
select f.place, count(distinct f.customer_id) as customers
from first_contact f
where f.tenant_id = $1 and f.place >= $2
group by f.place;

-- name: safety_place(tenant uuid, cases uuid[], days date[])
-- Places are given; the steps are planned for them next.
update first_contact f set place = x.place, is_planned = false
from unnest($2, $3) x (enrolment_id, place)
where f.tenant_id = $1 and f.enrolment_id = x.enrolment_id and f.place is null;

-- name: safety_to_plan(tenant uuid, limit integer) -> customer_id uuid
-- Customers with a place whose steps do not know it.
select distinct d.customer_id
from (
    select f.customer_id
    from first_contact f
    where f.tenant_id = $1 and f.place is not null and not f.is_planned
    order by f.enrolment_id
    limit $2
) d;

-- name: safety_planned(tenant uuid, customers uuid[])
-- Their steps know it now.
update first_contact f set is_planned = true
where f.tenant_id = $1 and f.customer_id = any ($2) and f.place is not null and not f.is_planned;

-- name: safety_forget(tenant uuid, after date) -> customer_id uuid
-- The rule has changed: wishes, and places that are still to come.
delete from first_contact f
where f.tenant_id = $1 and (f.place is null or f.place > $2)
returning f.customer_id;

-- name: safety_places(tenant uuid, cases uuid[]) -> enrolment_id uuid, place date, wanted_from date
-- On which days these cases may make their first contact, and from when on they wanted one.
select f.enrolment_id, f.place, f.wanted_from
from first_contact f
where f.tenant_id = $1 and f.enrolment_id = any ($2) and f.place is not null;
