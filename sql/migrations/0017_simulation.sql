-- What would be sent: a workflow played forward over a tenant's real customers.

-- purpose: activate and publish can be confirmed by it; preview only looks. A worker takes it portion by portion: customers
-- up to reached are done, and what an earlier worker still writes is refused by the number of the run. begins_at: the product
-- clock's instant it starts from. live_sums: the same customers under what is in force, where a candidate is compared with it.
-- shown: the numbers a person is asked to confirm, compared again when it is used.
create table simulation (
    tenant_id uuid not null,
    simulation_id uuid not null,
    purpose text not null,
    state text not null,
    workflow_id uuid,
    document jsonb,
    moves_cases boolean not null,
    entry_policy text,
    days integer not null,
    payments text not null,
    begins_at timestamptz not null,
    run integer not null default 0,
    reached uuid,
    customers_done integer not null default 0,
    customers_differing integer not null default 0,
    sums jsonb not null,
    live_sums jsonb,
    shown text,
    problem text,
    created_by text not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    used_at timestamptz,
    constraint simulation_pk primary key (tenant_id, simulation_id),
    constraint simulation_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint simulation_workflow_fk foreign key (tenant_id, workflow_id) references workflow (tenant_id, workflow_id),
    constraint simulation_purpose_known check (purpose in ('preview', 'activate', 'publish')),
    constraint simulation_state_known check (state in ('queued', 'running', 'done', 'failed')),
    constraint simulation_days_valid check (days between 1 and 366)
);

-- Each message, skip, task and end of a case, and what the tenant's own product shows; seq counts within the customer.
create table simulation_event (
    tenant_id uuid not null,
    simulation_id uuid not null,
    customer_id uuid not null,
    seq integer not null,
    at timestamptz not null,
    kind text not null,
    day date,
    enrolment_id uuid,
    step text,
    reason text,
    channel text,
    stage integer,
    task text,
    sections jsonb,
    constraint simulation_event_pk primary key (tenant_id, simulation_id, customer_id, seq),
    constraint simulation_event_simulation_fk foreign key (tenant_id, simulation_id)
        references simulation (tenant_id, simulation_id) on delete cascade,
    constraint simulation_event_kind_known check (kind in ('message', 'in_app', 'skip', 'task', 'exit'))
);

select sec.protect(t::regclass) from unnest(array['simulation', 'simulation_event']) t;
grant select, insert, update on simulation to recoup_api, recoup_bulk;
grant select on simulation_event to recoup_api;
grant select, insert, delete on simulation_event to recoup_bulk;
grant select, delete on simulation, simulation_event to recoup_worker;

alter table q.due drop constraint due_kind_known;
alter table q.due add constraint due_kind_known
    check (kind in ('step', 'drain', 'plan', 'settle', 'fold', 'import', 'prune', 'reassign', 'judge', 'watch', 'note',
        'simulate', 'move', 'wake'));

-- Whose cases follow which version: publishing asks how many, and moves them. The version first: with the tenant first it looks
-- as good as any other for finding the cases of a customer, where nobody has analyzed the table yet.
create index enrolment_of_version on enrolment (workflow_version_id, tenant_id)
    where status in ('pending', 'active', 'exhausted', 'handed_over');
