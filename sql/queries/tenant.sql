-- name: tenant_insert(tenant uuid, name text, created_at timestamptz)
-- A tenant begins in shadow: everything is planned and shown, nothing is sent.
insert into tenant (tenant_id, name, created_at)
values ($1, $2, $3);

-- name: tenant_source(tenant uuid, source text, at timestamptz)
-- A source is known from its first use on.
insert into source (tenant_id, source, created_at)
values ($1, $2, $3)
on conflict on constraint source_pk do nothing;

-- name: tenant_by_id(tenant uuid)
--+ -> tenant_id uuid, name text, mode text, kill_switch bool, workflow_id uuid?, zone text, base_currency text?,
--+ aging_edges smallint[], weight integer, veto_hours integer, first_contacts_per_day integer?,
--+ correction_notes bool, created_at timestamptz,
--+ activated_at timestamptz?
-- The tenant of the transaction, as its own settings page shows it.
select tenant_id, name, mode, kill_switch, workflow_id, zone, base_currency, aging_edges, weight, veto_hours,
    first_contacts_per_day, correction_notes, created_at, activated_at
from tenant
where tenant_id = $1;

-- name: tenant_lock(tenant uuid) -> tenant_id uuid
-- Two changes of one tenant's settings follow each other; dunning never waits for this row.
select tenant_id
from tenant
where tenant_id = $1
for no key update;

-- name: tenant_update(tenant uuid, name text, kill_switch bool, workflow uuid?, zone text, base_currency text?, aging_edges smallint[], veto_hours integer, first_contacts_per_day integer?, correction_notes bool)
-- All settings at once; what was not asked for is written as it was read under tenant_lock.
update tenant
set name = $2,
    kill_switch = $3,
    workflow_id = $4,
    zone = $5,
    base_currency = $6,
    aging_edges = $7,
    veto_hours = $8,
    first_contacts_per_day = $9,
    correction_notes = $10
where tenant_id = $1;

-- name: every_tenant_page(before uuid?, count bigint)
--+ -> tenant_id uuid, name text, mode text, kill_switch bool, workflow_id uuid?, zone text, base_currency text?,
--+ aging_edges smallint[], weight integer, veto_hours integer, first_contacts_per_day integer?,
--+ correction_notes bool, created_at timestamptz,
--+ activated_at timestamptz?
-- The platform's list, newest first: the one query here that looks across tenants, run by the dispatch role alone.
select tenant_id, name, mode, kill_switch, workflow_id, zone, base_currency, aging_edges, weight, veto_hours,
    first_contacts_per_day, correction_notes, created_at, activated_at
from tenant
where ($1::uuid is null or tenant_id < $1)
order by tenant_id desc
limit $2;

-- name: instance_hold_reason() -> hold_reason text?
-- Why the instance sends nothing, for whoever asks whether it is well; NULL when it is not on hold.
select hold_reason
from instance;
