-- name: case_event_insert(tenant uuid, customers uuid[], kinds text[], at timestamptz, brand uuid?, currency text?,
--+ spoken bool)
-- Told to every open case of a customer, in one brand and currency where given, or only to those that have sent something. The
-- caller holds the locks of the cases: the numbers have no gap and no twin. Cases whose workflow listens to nothing are told
-- nothing.
insert into case_event (tenant_id, enrolment_id, number, kind, at)
select $1, e.enrolment_id,
    coalesce((
        select max(o.number) from case_event o where o.tenant_id = $1 and o.enrolment_id = e.enrolment_id), 0)
        + row_number() over (partition by e.enrolment_id order by x.place),
    x.kind, $4
from unnest($2, $3) with ordinality x (customer_id, kind, place)
join enrolment e on e.tenant_id = $1 and e.customer_id = x.customer_id and e.status in ('pending', 'active', 'exhausted')
join workflow_version v on v.tenant_id = $1 and v.workflow_version_id = e.workflow_version_id and v.listens
where ($5::uuid is null or e.brand_id = $5) and ($6::text is null or e.currency = $6)
    and (not $7 or e.last_contact_day is not null)
returning case_event.number;

-- name: case_event_insert_in(tenant uuid, enrolments uuid[], kinds text[], at timestamptz)
-- Told to these cases alone; as above.
insert into case_event (tenant_id, enrolment_id, number, kind, at)
select $1, e.enrolment_id,
    coalesce((
        select max(o.number) from case_event o where o.tenant_id = $1 and o.enrolment_id = e.enrolment_id), 0)
        + row_number() over (partition by e.enrolment_id order by x.place),
    x.kind, $4
from unnest($2, $3) with ordinality x (enrolment_id, kind, place)
join enrolment e on e.tenant_id = $1 and e.enrolment_id = x.enrolment_id and e.status in ('pending', 'active', 'exhausted')
join workflow_version v on v.tenant_id = $1 and v.workflow_version_id = e.workflow_version_id and v.listens
returning case_event.number;

-- name: facts_events(tenant uuid, enrolments uuid[]) -> enrolment_id uuid, number integer, kind text, at timestamptz
-- What has happened to these cases.
select o.enrolment_id, o.number, o.kind, o.at
from case_event o
where o.tenant_id = $1 and o.enrolment_id = any ($2)
order by o.enrolment_id, o.number;

-- name: facts_shares(tenant uuid, customers uuid[]) -> customer_id uuid, experiment text, share text
-- The shares of experiments these customers fell into before.
select c.customer_id, c.experiment, c.share
from split_choice c
where c.tenant_id = $1 and c.customer_id = any ($2);

-- name: split_choose(tenant uuid, customer uuid, experiment text, share text, at timestamptz)
-- The first choice stays.
insert into split_choice (tenant_id, customer_id, experiment, share, chosen_at)
values ($1, $2, $3, $4, $5)
on conflict on constraint split_choice_pk do nothing;
