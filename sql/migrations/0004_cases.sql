-- Cases, their steps, what was said, and what people were asked to do.

-- The case row is the mutex of everything that may change what is asked of a customer.
-- position: key of the last finished step after due; entry_policy: how it enters, until the planner has applied it.
create table enrolment (
    tenant_id uuid not null,
    enrolment_id uuid not null,
    customer_id uuid not null,
    brand_id uuid not null,
    currency text not null,
    track text not null,
    workflow_version_id uuid not null,
    status text not null,
    exit_reason text,
    stage integer not null default 0,
    cycle integer not null,
    prior_stage integer not null default 0,
    position text,
    position_day date,
    anchor_invoice_id uuid,
    last_contact_day date,
    entry_policy text,
    dirty boolean not null default false,
    opened_at timestamptz not null,
    closed_at timestamptz,
    constraint enrolment_pk primary key (tenant_id, enrolment_id),
    constraint enrolment_customer_fk foreign key (tenant_id, customer_id)
        references customer (tenant_id, customer_id),
    constraint enrolment_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint enrolment_version_fk foreign key (tenant_id, workflow_version_id)
        references workflow_version (tenant_id, workflow_version_id),
    constraint enrolment_track_known check (track in ('receivable', 'charge_failure', 'pre_dunning')),
    constraint enrolment_status_known check (status in ('pending', 'active', 'exhausted', 'exited')),
    constraint enrolment_exit_has_reason check ((status = 'exited') = (exit_reason is not null))
) with (fillfactor = 80);
create unique index enrolment_one_open on enrolment (tenant_id, customer_id, brand_id, currency, track)
    where status in ('pending', 'active', 'exhausted');
create index enrolment_of_customer on enrolment (tenant_id, customer_id);
create index enrolment_dirty on enrolment (tenant_id, enrolment_id) where dirty;

-- One step of one case at one time. lane_id is the gateway's id, or the tenant's own id for steps without a wire.
create table step_run (
    tenant_id uuid not null,
    step_run_id uuid not null,
    enrolment_id uuid not null,
    customer_id uuid not null,
    cycle integer not null,
    step_key text not null,
    occurrence integer not null,
    kind text not null,
    stage integer not null,
    lane_id uuid not null,
    state text not null,
    reason text,
    due_at timestamptz not null,
    planned_at timestamptz not null,
    finished_at timestamptz,
    message_id uuid,
    trace jsonb,
    constraint step_run_pk primary key (tenant_id, step_run_id),
    constraint step_run_enrolment_fk foreign key (tenant_id, enrolment_id)
        references enrolment (tenant_id, enrolment_id),
    constraint step_run_state_known check (state in ('planned', 'sending', 'done', 'skipped')),
    constraint step_run_skip_has_reason check ((state = 'skipped') = (reason is not null))
) with (fillfactor = 85);
-- A case holds one next step: this index is the proof. A skipped occurrence may be planned again.
create unique index step_run_one_next on step_run (tenant_id, enrolment_id) where state in ('planned', 'sending');
create unique index step_run_once on step_run (tenant_id, enrolment_id, cycle, step_key, occurrence)
    where state in ('planned', 'sending', 'done');
create index step_run_of_enrolment on step_run (tenant_id, enrolment_id, planned_at);
create index step_run_cold on step_run (tenant_id, lane_id, due_at) where state = 'planned';
create index step_run_of_message on step_run (tenant_id, message_id) where message_id is not null;

-- What was said: bytes frozen when armed, packed by lz4 (the default takes longer than all else that arming writes).
-- state: sending (armed), retrying, accepted, refused, unknown, assumed_sent, withdrawn.
create table message (
    tenant_id uuid not null,
    message_id uuid not null,
    customer_id uuid not null,
    brand_id uuid not null,
    contact_id uuid not null,
    gateway_id uuid not null,
    channel text not null,
    address text not null,
    address_key text not null,
    stage integer not null,
    tier text not null,
    state text not null,
    locale text not null,
    subject text not null,
    text_body text compression lz4 not null,
    html_body text compression lz4 not null,
    bytes bytea compression lz4 not null,
    crossed boolean not null default false,
    contact_day date not null,
    attempts integer not null,
    armed_at timestamptz not null,
    settled_at timestamptz,
    reply text,
    created_at timestamptz not null,
    constraint message_pk primary key (tenant_id, message_id),
    constraint message_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint message_state_known check (
        state in ('sending', 'retrying', 'accepted', 'refused', 'unknown', 'assumed_sent', 'withdrawn')),
    constraint message_tier_known check (tier in ('reminder', 'final', 'legal')),
    constraint message_channel_known check (channel in ('email'))
) with (fillfactor = 90);
create index message_of_customer on message (tenant_id, customer_id, created_at);
create index message_open on message (tenant_id, customer_id) where state in ('sending', 'retrying', 'unknown');

-- The invoices a message listed, as they stood when it was armed.
create table message_line (
    tenant_id uuid not null,
    message_id uuid not null,
    invoice_id uuid not null,
    enrolment_id uuid not null,
    currency text not null,
    open_amount bigint not null,
    days_overdue integer not null,
    constraint message_line_pk primary key (tenant_id, message_id, invoice_id),
    constraint message_line_message_fk foreign key (tenant_id, message_id) references message (tenant_id, message_id),
    constraint message_line_invoice_fk foreign key (tenant_id, invoice_id) references invoice (tenant_id, invoice_id)
);
create index message_line_of_invoice on message_line (tenant_id, invoice_id);

-- One try on the wire. attempt_id is the token in the message's own header.
create table attempt (
    tenant_id uuid not null,
    attempt_id uuid not null,
    message_id uuid not null,
    number integer not null,
    worker_id uuid not null,
    lease bigint not null,
    armed_at timestamptz not null,
    finished_at timestamptz,
    outcome text,
    code integer,
    reply text,
    constraint attempt_pk primary key (tenant_id, attempt_id),
    constraint attempt_number_key unique (tenant_id, message_id, number),
    constraint attempt_message_fk foreign key (tenant_id, message_id) references message (tenant_id, message_id),
    constraint attempt_outcome_known check (
        outcome in ('accepted', 'transient', 'permanent', 'gateway', 'unknown', 'not_begun'))
);

-- A contact of one person on one civil day. Its key is the cap of one a day; a retry finds its own row.
-- The day is taken before its message is written, so the reference is looked at when the transaction ends.
create table contact_budget (
    tenant_id uuid not null,
    address_key text not null,
    day date not null,
    message_id uuid not null,
    constraint contact_budget_pk primary key (tenant_id, address_key, day),
    -- Deferred: the day is taken before the message is written, so that one who comes second writes none.
    constraint contact_budget_message_fk foreign key (tenant_id, message_id)
        references message (tenant_id, message_id) deferrable initially deferred
);

create table task (
    tenant_id uuid not null,
    task_id uuid not null,
    kind text not null,
    state text not null,
    customer_id uuid not null,
    enrolment_id uuid,
    step_run_id uuid,
    message_id uuid,
    title text not null,
    script text not null,
    deadline_at timestamptz,
    outcome text,
    note text,
    created_at timestamptz not null,
    closed_at timestamptz,
    constraint task_pk primary key (tenant_id, task_id),
    constraint task_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint task_kind_known check (kind in ('call', 'address', 'unknown', 'review')),
    constraint task_state_known check (state in ('open', 'done', 'cancelled'))
);
create index task_open on task (tenant_id, created_at) where state = 'open';
create index task_of_customer on task (tenant_id, customer_id);

create table audit_event (
    tenant_id uuid not null,
    audit_event_id uuid not null,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject_id uuid not null,
    customer_id uuid,
    detail jsonb not null,
    constraint audit_event_pk primary key (tenant_id, audit_event_id)
);
create index audit_event_by_time on audit_event (tenant_id, at);
create index audit_event_of_customer on audit_event (tenant_id, customer_id, at);
