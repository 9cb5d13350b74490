-- The instance, its tenants, and who they are: brands, gateways, templates, workflows.

-- Which database this is. One row, written on an empty database only; a copy under another name does not match it.
-- restore_point: the last sign of life in a copy, noted when it was found to be one; from a day before it, what was due
-- may have been sent by the original.
create table instance (
    singleton boolean not null default true,
    system_identifier text not null,
    timeline bigint not null,
    environment text not null,
    clock_offset_us bigint not null default 0,
    hold_reason text,
    hold_at timestamptz,
    restore_point timestamptz,
    kill_switch boolean not null default false,
    created_at timestamptz not null,
    constraint instance_pk primary key (singleton),
    constraint instance_is_single check (singleton)
);

-- zone decides the tenant's days in numbers; aging_edges are the upper edges of the age classes, in days overdue.
create table tenant (
    tenant_id uuid not null,
    name text not null,
    mode text not null default 'shadow',
    kill_switch boolean not null default false,
    workflow_id uuid,
    zone text not null default 'UTC',
    base_currency text,
    aging_edges smallint[] not null default '{30,60,90}',
    created_at timestamptz not null,
    activated_at timestamptz,
    constraint tenant_pk primary key (tenant_id),
    constraint tenant_mode_known check (mode in ('shadow', 'live', 'suspended')),
    constraint tenant_edges_valid check (
        array_length(aging_edges, 1) = 3 and aging_edges[1] > 0 and aging_edges[1] < aging_edges[2]
        and aging_edges[2] < aging_edges[3] and aging_edges[3] <= 3650)
);

create table api_key (
    tenant_id uuid not null,
    api_key_id uuid not null,
    name text not null,
    secret_hash bytea not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    constraint api_key_pk primary key (tenant_id, api_key_id),
    constraint api_key_tenant_fk foreign key (tenant_id) references tenant (tenant_id)
);

create table calendar (
    tenant_id uuid not null,
    calendar_id uuid not null,
    name text not null,
    rule text not null,
    created_at timestamptz not null,
    constraint calendar_pk primary key (tenant_id, calendar_id),
    constraint calendar_name_key unique (tenant_id, name),
    constraint calendar_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint calendar_rule_known check (rule in ('none', 'us_federal'))
);

create table calendar_day (
    tenant_id uuid not null,
    calendar_id uuid not null,
    day date not null,
    name text not null,
    constraint calendar_day_pk primary key (tenant_id, calendar_id, day),
    constraint calendar_day_calendar_fk foreign key (tenant_id, calendar_id)
        references calendar (tenant_id, calendar_id) on delete cascade
);

-- A tenant's account at a delivery service. Its lane in the queue carries the same id.
create table gateway (
    tenant_id uuid not null,
    gateway_id uuid not null,
    name text not null,
    kind text not null,
    host text not null,
    port integer not null,
    tls text not null,
    username text,
    password_sealed bytea,
    ehlo_name text not null,
    sessions integer not null,
    version integer not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint gateway_pk primary key (tenant_id, gateway_id),
    constraint gateway_name_key unique (tenant_id, name),
    constraint gateway_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint gateway_kind_known check (kind in ('smtp')),
    constraint gateway_tls_known check (tls in ('starttls', 'implicit', 'none')),
    constraint gateway_port_valid check (port between 1 and 65535),
    constraint gateway_sessions_valid check (sessions between 1 and 64)
);

-- default_locale: the language it was first written in, for customers whose own has no text.
create table template (
    tenant_id uuid not null,
    template_id uuid not null,
    name text not null,
    default_locale text not null,
    created_at timestamptz not null,
    constraint template_pk primary key (tenant_id, template_id),
    constraint template_name_key unique (tenant_id, name),
    constraint template_tenant_fk foreign key (tenant_id) references tenant (tenant_id)
);

-- Numbered by language. Versions are never changed: what was sent can be read again.
create table template_version (
    tenant_id uuid not null,
    template_version_id uuid not null,
    template_id uuid not null,
    number integer not null,
    locale text not null,
    subject text not null,
    text_body text not null,
    html_body text not null,
    created_at timestamptz not null,
    constraint template_version_pk primary key (tenant_id, template_version_id),
    constraint template_version_number_key unique (tenant_id, template_id, locale, number),
    constraint template_version_template_fk foreign key (tenant_id, template_id)
        references template (tenant_id, template_id)
);

-- The languages of a template, each with the version that messages are written with.
create table template_variant (
    tenant_id uuid not null,
    template_id uuid not null,
    locale text not null,
    template_version_id uuid not null,
    constraint template_variant_pk primary key (tenant_id, template_id, locale),
    constraint template_variant_template_fk foreign key (tenant_id, template_id)
        references template (tenant_id, template_id),
    constraint template_variant_version_fk foreign key (tenant_id, template_version_id)
        references template_version (tenant_id, template_version_id)
);

create table workflow (
    tenant_id uuid not null,
    workflow_id uuid not null,
    name text not null,
    current_version_id uuid,
    kill_switch boolean not null default false,
    created_at timestamptz not null,
    constraint workflow_pk primary key (tenant_id, workflow_id),
    constraint workflow_name_key unique (tenant_id, name),
    constraint workflow_tenant_fk foreign key (tenant_id) references tenant (tenant_id)
);

create table workflow_version (
    tenant_id uuid not null,
    workflow_version_id uuid not null,
    workflow_id uuid not null,
    number integer not null,
    escalation_gap_days integer not null,
    published_at timestamptz not null,
    constraint workflow_version_pk primary key (tenant_id, workflow_version_id),
    constraint workflow_version_number_key unique (tenant_id, workflow_id, number),
    constraint workflow_version_workflow_fk foreign key (tenant_id, workflow_id)
        references workflow (tenant_id, workflow_id),
    constraint workflow_version_gap_valid check (escalation_gap_days between 0 and 365)
);

-- timing: days before or after the anchor's due date, or after the previous step. Two fields, never a signed number.
create table workflow_step (
    tenant_id uuid not null,
    workflow_version_id uuid not null,
    step_key text not null,
    position integer not null,
    kind text not null,
    timing text not null,
    days integer not null,
    template_id uuid,
    tier text not null,
    wait_for_outcome boolean not null default false,
    deadline_business_days integer not null default 2,
    script text,
    constraint workflow_step_pk primary key (tenant_id, workflow_version_id, step_key),
    constraint workflow_step_position_key unique (tenant_id, workflow_version_id, position),
    constraint workflow_step_version_fk foreign key (tenant_id, workflow_version_id)
        references workflow_version (tenant_id, workflow_version_id),
    constraint workflow_step_template_fk foreign key (tenant_id, template_id)
        references template (tenant_id, template_id),
    constraint workflow_step_kind_known check (kind in ('email', 'wait', 'call_task')),
    constraint workflow_step_timing_known check (timing in ('before_due', 'after_due', 'after_previous')),
    constraint workflow_step_tier_known check (tier in ('reminder', 'final', 'legal')),
    constraint workflow_step_days_valid check (days between 0 and 3650),
    constraint workflow_step_email_has_template check ((kind = 'email') = (template_id is not null))
);

create table brand (
    tenant_id uuid not null,
    brand_id uuid not null,
    name text not null,
    legal_name text not null,
    address text not null,
    phone text,
    from_name text not null,
    from_address text not null,
    reply_to text,
    zone text not null,
    locale text not null,
    calendar_id uuid,
    gateway_id uuid,
    workflow_id uuid,
    grace_days integer not null,
    window_days smallint[] not null,
    window_opens smallint not null,
    window_closes smallint not null,
    header text not null,
    footer text not null,
    kill_switch boolean not null default false,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint brand_pk primary key (tenant_id, brand_id),
    constraint brand_name_key unique (tenant_id, name),
    constraint brand_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint brand_calendar_fk foreign key (tenant_id, calendar_id) references calendar (tenant_id, calendar_id),
    constraint brand_gateway_fk foreign key (tenant_id, gateway_id) references gateway (tenant_id, gateway_id),
    constraint brand_workflow_fk foreign key (tenant_id, workflow_id) references workflow (tenant_id, workflow_id),
    constraint brand_grace_valid check (grace_days between 0 and 365),
    constraint brand_window_valid check (window_opens >= 0 and window_closes <= 1440 and window_opens < window_closes)
);

create table customer (
    tenant_id uuid not null,
    customer_id uuid not null,
    external_id text not null,
    name text not null,
    kind text not null,
    zone text,
    locale text,
    workflow_id uuid,
    request jsonb not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint customer_pk primary key (tenant_id, customer_id),
    constraint customer_external_id_key unique (tenant_id, external_id),
    constraint customer_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint customer_workflow_fk foreign key (tenant_id, workflow_id)
        references workflow (tenant_id, workflow_id),
    constraint customer_kind_known check (kind in ('business', 'consumer'))
);

-- email_key is the normalised address: caps and suppression count per person, not per spelling.
create table contact (
    tenant_id uuid not null,
    contact_id uuid not null,
    customer_id uuid not null,
    role text not null,
    name text not null,
    email text,
    email_key text,
    zone text,
    opted_out boolean not null default false,
    suppressed_reason text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint contact_pk primary key (tenant_id, contact_id),
    constraint contact_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint contact_role_known check (role in ('billing', 'manager', 'legal'))
);
create index contact_of_customer on contact (tenant_id, customer_id);
