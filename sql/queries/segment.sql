-- name: segment_add(tenant uuid, segment uuid, name text, condition jsonb?, at timestamptz)
-- No row is written when the name is taken.
insert into segment (tenant_id, segment_id, name, condition, created_at, updated_at)
values ($1, $2, $3, $4, $5, $5)
on conflict on constraint segment_name_key do nothing;

-- name: segment_change(tenant uuid, segment uuid, name text, condition jsonb?, at timestamptz)
-- A condition stays one, and a list stays a list.
update segment set name = $3, condition = $4, updated_at = $5 where tenant_id = $1 and segment_id = $2;

-- name: segment_by_id(tenant uuid, segment uuid)
--+ -> segment_id uuid, name text, condition jsonb?, members bigint, created_at timestamptz, updated_at timestamptz
-- One segment as shown; members are those of a list.
select s.segment_id, s.name, s.condition, m.members, s.created_at, s.updated_at
from segment s
cross join lateral (
    select count(*) as members from segment_member k where k.tenant_id = $1 and k.segment_id = s.segment_id
) m
where s.tenant_id = $1 and s.segment_id = $2;

-- name: segment_lock(tenant uuid, segment uuid) -> segment_id uuid
-- For a change that starts from the present values.
select segment_id from segment where tenant_id = $1 and segment_id = $2 for no key update;

-- name: segment_page(tenant uuid, before uuid?, count bigint)
--+ -> segment_id uuid, name text, condition jsonb?, members bigint, created_at timestamptz, updated_at timestamptz
-- Newest first.
select s.segment_id, s.name, s.condition, m.members, s.created_at, s.updated_at
from segment s
cross join lateral (
    select count(*) as members from segment_member k where k.tenant_id = $1 and k.segment_id = s.segment_id
) m
where s.tenant_id = $1 and ($2::uuid is null or s.segment_id < $2)
order by s.segment_id desc
limit $3;

-- name: segment_named(tenant uuid, names text[]) -> segment_id uuid, name text, has_condition bool
-- Which of these there are.
select segment_id, name, condition is not null as has_condition
from segment
where tenant_id = $1 and name = any ($2);

-- name: segment_rules(tenant uuid) -> name text, condition jsonb
-- Segments that are conditions; few rows, read whole.
select name, condition from segment where tenant_id = $1 and condition is not null order by name;

-- name: segment_join(tenant uuid, segment uuid, customers uuid[], at timestamptz) -> customer_id uuid
-- Who was not in it before.
insert into segment_member (tenant_id, segment_id, customer_id, added_at)
select $1, $2, x.customer_id, $4
from unnest($3) x (customer_id)
on conflict on constraint segment_member_pk do nothing
returning customer_id;

-- name: segment_leave(tenant uuid, segment uuid, customers uuid[]) -> customer_id uuid
-- Who was in it.
delete from segment_member m
where m.tenant_id = $1 and m.segment_id = $2 and m.customer_id = any ($3)
returning m.customer_id;

-- name: segment_members(tenant uuid, segment uuid, before uuid?, count bigint)
--+ -> customer_id uuid, external_id text, name text, added_at timestamptz
-- Whom somebody put into it, the newest customer first.
select m.customer_id, c.external_id, c.name, m.added_at
from segment_member m
join customer c on c.tenant_id = $1 and c.customer_id = m.customer_id
where m.tenant_id = $1 and m.segment_id = $2 and ($3::uuid is null or m.customer_id < $3)
order by m.customer_id desc
limit $4;

-- name: segment_known_customers(tenant uuid, customers uuid[]) -> customer_id uuid
-- Which of these customers there are, and were not merged into others.
select customer_id from customer where tenant_id = $1 and customer_id = any ($2) and merged_into is null;
