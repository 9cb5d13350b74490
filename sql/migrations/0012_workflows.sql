-- Workflows that branch, wait, repeat and answer events: what a step knows beyond its common columns, where a case goes next,
-- what happened to it.

-- limits: where a version stops by itself and when it rests; null in versions of before there were limits.
alter table workflow_version add column limits jsonb;
-- listens: whether anything in it looks at what happened to a case; others are told nothing.
alter table workflow_version add column listens boolean not null default false;

-- archived_at: since when no case is opened under it; those that are open go on.
alter table workflow add column archived_at timestamptz;

-- options: the whole step as its document says it, for steps that need more than the common columns.
alter table workflow_step add column options jsonb;
alter table workflow_step drop constraint workflow_step_kind_known;
alter table workflow_step add constraint workflow_step_kind_known check (kind in (
    'email', 'sms', 'in_app', 'call_task', 'review_task', 'approve', 'wait', 'branch', 'split', 'hold', 'set_segment',
    'assign_owner', 'notify_team', 'webhook', 'service_signal', 'handover', 'propose_write_off', 'repeat'));
alter table workflow_step drop constraint workflow_step_timing_known;
alter table workflow_step add constraint workflow_step_timing_known check (timing in (
    'before_due', 'after_issue', 'after_due', 'after_previous', 'business_days_after_previous', 'on_date', 'on_event',
    'manual'));
alter table workflow_step drop constraint workflow_step_contact_has_template;
alter table workflow_step add constraint workflow_step_contact_has_template
    check ((kind in ('email', 'sms', 'in_app')) = (template_id is not null));

-- next_step: where the case goes when that is not what follows its position: a key, or 'end'. round: how often a repeat has
-- led it back in this cycle. heard: the last event that had happened when it came to its position.
alter table enrolment add column next_step text;
alter table enrolment add column round integer not null default 0;
alter table enrolment add column heard integer not null default 0;

-- went_to: where the step led, where that is not what follows it.
alter table step_run add column round integer not null default 0;
alter table step_run add column went_to text;
drop index step_run_once;
create unique index step_run_once on step_run (tenant_id, enrolment_id, cycle, step_key, occurrence, round)
    where state in ('planned', 'sending', 'done');

-- What happened to a case, numbered under its lock: what steps answer and waits listen for.
create table case_event (
    tenant_id uuid not null,
    enrolment_id uuid not null,
    number integer not null,
    kind text not null,
    at timestamptz not null,
    constraint case_event_pk primary key (tenant_id, enrolment_id, number),
    constraint case_event_enrolment_fk foreign key (tenant_id, enrolment_id)
        references enrolment (tenant_id, enrolment_id),
    constraint case_event_kind_length check (length(kind) between 1 and 120)
);

-- The share of an experiment that a customer fell into first; it keeps it when the weights change.
create table split_choice (
    tenant_id uuid not null,
    customer_id uuid not null,
    experiment text not null,
    share text not null,
    chosen_at timestamptz not null,
    constraint split_choice_pk primary key (tenant_id, customer_id, experiment),
    constraint split_choice_customer_fk foreign key (tenant_id, customer_id)
        references customer (tenant_id, customer_id)
);

-- Messages that the tenant's own product fetches and shows.
create table in_app (
    tenant_id uuid not null,
    in_app_id uuid not null,
    customer_id uuid not null,
    enrolment_id uuid not null,
    step_run_id uuid not null,
    brand_id uuid not null,
    stage integer not null,
    locale text not null,
    subject text not null,
    text_body text not null,
    html_body text not null,
    created_at timestamptz not null,
    constraint in_app_pk primary key (tenant_id, in_app_id),
    constraint in_app_step_key unique (tenant_id, step_run_id),
    constraint in_app_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id)
);
create index in_app_of_customer on in_app (tenant_id, customer_id, in_app_id);

alter table task drop constraint task_kind_known;
alter table task add constraint task_kind_known check (
    kind in ('call', 'address', 'unknown', 'review', 'reply', 'approve', 'handover', 'write_off'));

select sec.protect(t::regclass) from unnest(array['case_event', 'split_choice', 'in_app']) t;

grant select, insert on case_event to recoup_api, recoup_bulk, recoup_worker;
grant select on split_choice to recoup_api, recoup_bulk;
grant select, insert on split_choice to recoup_worker;
grant select on in_app to recoup_api;
grant select, insert on in_app to recoup_worker;
