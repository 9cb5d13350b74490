-- name: brand_insert(tenant uuid, brand uuid, name text, legal_name text, address text, phone text?, from_name text,
--+ from_address text, reply_to text?, zone text, locale text, calendar uuid?, gateway uuid?, sms_gateway uuid?,
--+ workflow uuid?, grace_days integer, window_days smallint[], window_opens smallint, window_closes smallint, header text, footer text,
--+ kill_switch bool, created_at timestamptz)
-- The foreign keys refuse a calendar, gateway or workflow of somebody else.
insert into brand (
    tenant_id, brand_id, name, legal_name, address, phone, from_name, from_address, reply_to, zone, locale, calendar_id,
    gateway_id, sms_gateway_id, workflow_id, grace_days, window_days, window_opens, window_closes, header, footer, kill_switch,
    created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $23);

-- name: brand_by_id(tenant uuid, brand uuid)
--+ -> brand_id uuid, name text, legal_name text, address text, phone text?, from_name text, from_address text,
--+ reply_to text?, zone text, locale text, calendar_id uuid?, gateway_id uuid?, sms_gateway_id uuid?, workflow_id uuid?,
--+ grace_days integer, window_days smallint[], window_opens smallint, window_closes smallint, header text, footer text, kill_switch bool,
--+ created_at timestamptz, updated_at timestamptz
-- One sender identity, whole.
select brand_id, name, legal_name, address, phone, from_name, from_address, reply_to, zone, locale, calendar_id,
    gateway_id, sms_gateway_id, workflow_id, grace_days, window_days, window_opens, window_closes, header, footer, kill_switch,
    created_at, updated_at
from brand
where tenant_id = $1 and brand_id = $2;

-- name: brand_page(tenant uuid, before uuid?, count bigint)
--+ -> brand_id uuid, name text, legal_name text, address text, phone text?, from_name text, from_address text,
--+ reply_to text?, zone text, locale text, calendar_id uuid?, gateway_id uuid?, sms_gateway_id uuid?, workflow_id uuid?,
--+ grace_days integer, window_days smallint[], window_opens smallint, window_closes smallint, header text, footer text, kill_switch bool,
--+ created_at timestamptz, updated_at timestamptz
-- Newest first.
select brand_id, name, legal_name, address, phone, from_name, from_address, reply_to, zone, locale, calendar_id,
    gateway_id, sms_gateway_id, workflow_id, grace_days, window_days, window_opens, window_closes, header, footer, kill_switch,
    created_at, updated_at
from brand
where tenant_id = $1 and ($2::uuid is null or brand_id < $2)
order by brand_id desc
limit $3;

-- name: brand_lock(tenant uuid, brand uuid) -> brand_id uuid
-- Two changes of one brand follow each other.
select brand_id
from brand
where tenant_id = $1 and brand_id = $2
for no key update;

-- name: brand_update(tenant uuid, brand uuid, name text, legal_name text, address text, phone text?, from_name text,
--+ from_address text, reply_to text?, zone text, locale text, calendar uuid?, gateway uuid?, sms_gateway uuid?,
--+ workflow uuid?, grace_days integer, window_days smallint[], window_opens smallint, window_closes smallint, header text, footer text,
--+ kill_switch bool, updated_at timestamptz)
-- All fields at once; what was not asked for is written as it was read under brand_lock.
update brand
set name = $3,
    legal_name = $4,
    address = $5,
    phone = $6,
    from_name = $7,
    from_address = $8,
    reply_to = $9,
    zone = $10,
    locale = $11,
    calendar_id = $12,
    gateway_id = $13,
    sms_gateway_id = $14,
    workflow_id = $15,
    grace_days = $16,
    window_days = $17,
    window_opens = $18,
    window_closes = $19,
    header = $20,
    footer = $21,
    kill_switch = $22,
    updated_at = $23
where tenant_id = $1 and brand_id = $2;

-- name: brand_of_calendar(tenant uuid, calendar uuid) -> brand_id uuid
-- Whose cases another list of holidays may move.
select brand_id
from brand
where tenant_id = $1 and calendar_id = $2;

-- name: brand_lock_cases(tenant uuid, brands uuid[]) -> enrolment_id uuid
-- All open cases of these brands, in id order as everybody locks them.
select enrolment_id
from enrolment
where tenant_id = $1 and brand_id = any ($2) and status in ('pending', 'active', 'exhausted', 'handed_over')
order by enrolment_id
for no key update;

-- name: brand_mark_dirty(tenant uuid, brands uuid[])
-- The drain plans them under the new rules; the gate waits meanwhile.
update enrolment
set dirty = true
where tenant_id = $1 and brand_id = any ($2) and status in ('pending', 'active', 'exhausted', 'handed_over');
