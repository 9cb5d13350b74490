-- Text messages: numbers of contacts, gateways that speak HTTP, texts, steps and their fallback, what gateways report.

alter table contact add column phone text;
alter table contact add constraint contact_phone_valid check (phone ~ '^\+[1-9][0-9]{6,14}$');
create index contact_of_phone on contact (tenant_id, phone) where phone is not null;

-- What is never written to again, by address: whoever has it, at whatever customer. The address is the key under which
-- contacts are counted.
create table suppression (
    tenant_id uuid not null,
    channel text not null,
    address_key text not null,
    reason text not null,
    created_at timestamptz not null,
    constraint suppression_pk primary key (tenant_id, channel, address_key),
    constraint suppression_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint suppression_channel_known check (channel in ('sms')),
    constraint suppression_reason_known check (reason in ('opt_out', 'hard_bounce'))
);

-- recipe: how a text gateway is talked to, as checked when it was saved. refused_hooks: requests under its address that did
-- not prove to come from it.
alter table gateway drop constraint gateway_kind_known;
alter table gateway add constraint gateway_kind_known check (kind in ('smtp', 'sms'));
alter table gateway add column preset text;
alter table gateway add column recipe text;
alter table gateway add column sender text;
alter table gateway add column max_parts integer;
alter table gateway add column hook_secret_sealed bytea;
alter table gateway add column refused_hooks bigint not null default 0;
alter table gateway add constraint gateway_sms_whole check (
    (kind = 'sms') = (recipe is not null) and (kind = 'sms') = (sender is not null)
    and (kind = 'sms') = (max_parts is not null));
alter table gateway add constraint gateway_parts_valid check (max_parts between 1 and 10);
alter table gateway add constraint gateway_sms_tls check (kind = 'smtp' or tls <> 'starttls');

alter table brand add column sms_gateway_id uuid;
alter table brand add constraint brand_sms_gateway_fk foreign key (tenant_id, sms_gateway_id)
    references gateway (tenant_id, gateway_id);

-- A version has a mail, a text message, or both; one without a mail has empty parts.
alter table template_version add column sms_body text;

alter table workflow_step drop constraint workflow_step_kind_known;
alter table workflow_step add constraint workflow_step_kind_known
    check (kind in ('email', 'sms', 'wait', 'call_task'));
alter table workflow_step drop constraint workflow_step_email_has_template;
alter table workflow_step add constraint workflow_step_contact_has_template
    check ((kind in ('email', 'sms')) = (template_id is not null));
alter table workflow_step add column fallback text;
alter table workflow_step add constraint workflow_step_fallback_known check (
    fallback is null or kind in ('email', 'sms') and fallback in ('email', 'sms', 'next_contact') and fallback <> kind);

alter table message drop constraint message_channel_known;
alter table message add constraint message_channel_known check (channel in ('email', 'sms'));
-- What the gateway reported after it took the message; sent: it has it, delivered: the telephone has it.
alter table message add column delivery text;
alter table message add constraint message_delivery_known check (delivery in ('sent', 'delivered', 'failed'));

-- provider_id: the gateway's own id, by which it reports.
alter table attempt add column provider_id text;
create index attempt_of_provider on attempt (tenant_id, provider_id) where provider_id is not null;

-- What a gateway reported of a message, once each, whatever was known of the message then. subject: our token or its id.
create table receipt (
    tenant_id uuid not null,
    receipt_id uuid not null,
    gateway_id uuid not null,
    subject text not null,
    attempt_id uuid,
    provider_id text,
    state text not null,
    code text,
    received_at timestamptz not null,
    constraint receipt_pk primary key (tenant_id, receipt_id),
    constraint receipt_once unique (tenant_id, gateway_id, subject, state),
    constraint receipt_gateway_fk foreign key (tenant_id, gateway_id) references gateway (tenant_id, gateway_id),
    constraint receipt_state_known check (state in ('sent', 'delivered', 'failed'))
);
create index receipt_of_attempt on receipt (tenant_id, attempt_id) where attempt_id is not null;
create index receipt_of_provider on receipt (tenant_id, gateway_id, provider_id) where provider_id is not null;

-- What somebody wrote back, once each where the gateway numbers them.
create table inbound_text (
    tenant_id uuid not null,
    inbound_text_id uuid not null,
    gateway_id uuid not null,
    provider_id text not null,
    address_key text not null,
    intent text not null,
    body text not null,
    received_at timestamptz not null,
    constraint inbound_text_pk primary key (tenant_id, inbound_text_id),
    constraint inbound_text_once unique (tenant_id, gateway_id, provider_id),
    constraint inbound_text_gateway_fk foreign key (tenant_id, gateway_id) references gateway (tenant_id, gateway_id),
    constraint inbound_text_intent_known check (intent in ('stop', 'start', 'other'))
);

alter table task drop constraint task_kind_known;
alter table task add constraint task_kind_known check (kind in ('call', 'address', 'unknown', 'review', 'reply'));

alter table q.lane drop constraint lane_kind_known;
alter table q.lane add constraint lane_kind_known check (kind in ('mail', 'sms', 'internal', 'bulk'));

select sec.protect(t::regclass) from unnest(array['suppression', 'receipt', 'inbound_text']) t;

grant select, insert, delete on suppression to recoup_api;
grant select on suppression to recoup_bulk;
grant select, insert on suppression to recoup_worker;
grant select, insert on receipt, inbound_text to recoup_api;
grant select on receipt to recoup_worker;
grant update (delivery, reply) on message to recoup_api;
grant delete on contact_budget to recoup_api;
