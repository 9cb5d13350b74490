-- Which workflow a case follows and why: what is known of customers, segments, rules, pins of invoices, and runs that give
-- open cases another workflow.

-- exclusion: why the customer is never reminded. attributes: the tenant's own, by name.
alter table customer
    add column country text,
    add column owner text,
    add column exclusion text,
    add column attributes jsonb not null default '{}',
    add column risk_band text,
    add column collection_method text;
alter table customer add constraint customer_country_valid check (country ~ '^[A-Z]{2}$');
alter table customer add constraint customer_risk_known check (risk_band in ('low', 'medium', 'high'));
alter table customer add constraint customer_method_known
    check (collection_method in ('send_invoice', 'charge_automatically'));
alter table customer add constraint customer_attributes_object check (jsonb_typeof(attributes) = 'object');

-- A case follows the workflow of its oldest open invoice, where that names one.
alter table invoice add column workflow_id uuid;
alter table invoice add constraint invoice_workflow_fk foreign key (tenant_id, workflow_id)
    references workflow (tenant_id, workflow_id);

-- A condition that has a name, or, without one, whom somebody put into it.
create table segment (
    tenant_id uuid not null,
    segment_id uuid not null,
    name text not null,
    condition jsonb,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint segment_pk primary key (tenant_id, segment_id),
    constraint segment_name_key unique (tenant_id, name),
    constraint segment_tenant_fk foreign key (tenant_id) references tenant (tenant_id)
);

create table segment_member (
    tenant_id uuid not null,
    segment_id uuid not null,
    customer_id uuid not null,
    added_at timestamptz not null,
    constraint segment_member_pk primary key (tenant_id, segment_id, customer_id),
    constraint segment_member_segment_fk foreign key (tenant_id, segment_id) references segment (tenant_id, segment_id),
    constraint segment_member_customer_fk foreign key (tenant_id, customer_id)
        references customer (tenant_id, customer_id)
);
create index segment_of_customer on segment_member (tenant_id, customer_id);

-- The lowest priority goes first. Without a workflow those it meets are never reminded.
create table assignment_rule (
    tenant_id uuid not null,
    assignment_rule_id uuid not null,
    name text not null,
    priority integer not null,
    brand_id uuid,
    condition jsonb not null,
    workflow_id uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint assignment_rule_pk primary key (tenant_id, assignment_rule_id),
    constraint assignment_rule_name_key unique (tenant_id, name),
    constraint assignment_rule_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint assignment_rule_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint assignment_rule_workflow_fk foreign key (tenant_id, workflow_id)
        references workflow (tenant_id, workflow_id),
    constraint assignment_rule_priority_valid check (priority between 0 and 1000000)
);

-- Why the case follows its workflow: every place that may name one, as they were asked when it was opened.
alter table enrolment add column assignment jsonb;

-- One run over all who owe, in the order of their ids; after_customer is how far it has come. What a dry run counts, a real
-- one confirms by its id. from_workflow_id: only over cases that follow this one.
create table reassignment (
    tenant_id uuid not null,
    reassignment_id uuid not null,
    dry_run boolean not null,
    confirms uuid,
    from_workflow_id uuid,
    entry_policy text not null,
    state text not null,
    after_customer uuid,
    customers bigint not null default 0,
    kept bigint not null default 0,
    moved bigint not null default 0,
    opened bigint not null default 0,
    excluded bigint not null default 0,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint reassignment_pk primary key (tenant_id, reassignment_id),
    constraint reassignment_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint reassignment_workflow_fk foreign key (tenant_id, from_workflow_id)
        references workflow (tenant_id, workflow_id),
    constraint reassignment_state_known check (state in ('running', 'done')),
    constraint reassignment_finished check ((state = 'done') = (finished_at is not null)),
    constraint reassignment_confirmed check (dry_run = (confirms is null))
);
create unique index reassignment_confirms_once on reassignment (tenant_id, confirms) where confirms is not null;

alter table q.due drop constraint due_kind_known;
alter table q.due add constraint due_kind_known
    check (kind in ('step', 'drain', 'plan', 'settle', 'fold', 'import', 'prune', 'reassign'));

select sec.protect(t::regclass) from unnest(array['segment', 'segment_member', 'assignment_rule', 'reassignment']) t;

grant select, insert, update on segment, assignment_rule to recoup_api, recoup_bulk;
grant delete on assignment_rule to recoup_api;
grant select, insert, delete on segment_member to recoup_api, recoup_bulk, recoup_worker;
grant select, insert on segment to recoup_worker;
grant select on assignment_rule to recoup_worker;
grant update (owner, updated_at) on customer to recoup_worker;
grant select, insert on reassignment to recoup_api, recoup_bulk;
grant select, update on reassignment to recoup_worker;
