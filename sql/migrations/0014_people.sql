-- Work of people: tasks that are claimed and end in an outcome, notes, promises that are judged, plans by agreement, agencies and
-- what was handed over to them.

-- An open task that is claimed is somebody's; until it is done others can see whose.
alter table task drop constraint task_kind_known;
alter table task add constraint task_kind_known check (
    kind in ('call', 'review', 'approve', 'address', 'unknown', 'reply', 'write_off', 'handover'));
alter table task add column claimed_by text;
alter table task add column claimed_at timestamptz;
alter table task add constraint task_claim_whole check ((claimed_by is null) = (claimed_at is null));
create index task_of_case on task (tenant_id, enrolment_id) where state = 'open';

-- What somebody wants the next to know. Never changed.
create table note (
    tenant_id uuid not null,
    note_id uuid not null,
    customer_id uuid not null,
    author text not null,
    body text not null,
    created_at timestamptz not null,
    constraint note_pk primary key (tenant_id, note_id),
    constraint note_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id)
);
create index note_of_customer on note (tenant_id, customer_id, note_id);

-- pauses: false where the customer has broken too many before; such a promise is kept in mind and holds nothing back.
-- check_at: when its day and grace have passed. standing: what came of it, judged once.
alter table promise add column pauses boolean not null default true;
alter table promise add column check_at timestamptz;
alter table promise add column standing text;
alter table promise add column judged_at timestamptz;
alter table promise add constraint promise_standing_known check (standing in ('kept', 'partly_kept', 'broken'));
alter table promise add constraint promise_judged check ((standing is null) = (judged_at is null));
create index promise_unjudged on promise (tenant_id, check_at) where standing is null and cancelled_on is null;

-- Instalments by agreement: nothing is asked of the named invoices while they are paid as agreed. check_at: when the next
-- instalment's day and grace have passed; nothing once the plan has ended.
create table payment_plan (
    tenant_id uuid not null,
    payment_plan_id uuid not null,
    customer_id uuid not null,
    brand_id uuid not null,
    currency text not null,
    made_on date not null,
    note text not null,
    state text not null,
    check_at timestamptz,
    created_at timestamptz not null,
    ended_at timestamptz,
    constraint payment_plan_pk primary key (tenant_id, payment_plan_id),
    constraint payment_plan_customer_fk foreign key (tenant_id, customer_id)
        references customer (tenant_id, customer_id),
    constraint payment_plan_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint payment_plan_state_known check (state in ('running', 'kept', 'missed', 'cancelled')),
    constraint payment_plan_ended check (
        (state = 'running') = (ended_at is null) and (state = 'running') = (check_at is not null))
);
create index payment_plan_of_customer on payment_plan (tenant_id, customer_id);
create index payment_plan_running on payment_plan (tenant_id, check_at) where state = 'running';

create table payment_plan_part (
    tenant_id uuid not null,
    payment_plan_id uuid not null,
    number integer not null,
    due_on date not null,
    amount bigint not null,
    constraint payment_plan_part_pk primary key (tenant_id, payment_plan_id, number),
    constraint payment_plan_part_plan_fk foreign key (tenant_id, payment_plan_id)
        references payment_plan (tenant_id, payment_plan_id),
    constraint payment_plan_part_amount check (amount > 0)
);

create table payment_plan_invoice (
    tenant_id uuid not null,
    payment_plan_id uuid not null,
    invoice_id uuid not null,
    constraint payment_plan_invoice_pk primary key (tenant_id, payment_plan_id, invoice_id),
    constraint payment_plan_invoice_plan_fk foreign key (tenant_id, payment_plan_id)
        references payment_plan (tenant_id, payment_plan_id),
    constraint payment_plan_invoice_invoice_fk foreign key (tenant_id, invoice_id)
        references invoice (tenant_id, invoice_id)
);
create index payment_plan_of_invoice on payment_plan_invoice (tenant_id, invoice_id);

-- Who collects where we do not go on, and under which conditions it takes a case.
create table agency (
    tenant_id uuid not null,
    agency_id uuid not null,
    name text not null,
    email text,
    minimum_age_days integer not null,
    response_days integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint agency_pk primary key (tenant_id, agency_id),
    constraint agency_name_key unique (tenant_id, name),
    constraint agency_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint agency_age_valid check (minimum_age_days between 0 and 3650),
    constraint agency_response_valid check (response_days between 0 and 365)
);

-- The least it takes, by currency, in minor units; a currency without a row is not taken.
create table agency_minimum (
    tenant_id uuid not null,
    agency_id uuid not null,
    currency text not null,
    amount bigint not null,
    constraint agency_minimum_pk primary key (tenant_id, agency_id, currency),
    constraint agency_minimum_agency_fk foreign key (tenant_id, agency_id) references agency (tenant_id, agency_id),
    constraint agency_minimum_valid check (amount >= 0)
);

-- A case that an agency has or had. pack: the evidence as it was handed over, byte for byte.
create table handover (
    tenant_id uuid not null,
    handover_id uuid not null,
    enrolment_id uuid not null,
    customer_id uuid not null,
    agency_id uuid not null,
    currency text not null,
    amount bigint not null,
    final_message_id uuid not null,
    state text not null,
    note text not null,
    pack bytea not null,
    pack_sha256 text not null,
    handed_at timestamptz not null,
    ended_at timestamptz,
    end_reason text,
    constraint handover_pk primary key (tenant_id, handover_id),
    constraint handover_enrolment_fk foreign key (tenant_id, enrolment_id)
        references enrolment (tenant_id, enrolment_id),
    constraint handover_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint handover_agency_fk foreign key (tenant_id, agency_id) references agency (tenant_id, agency_id),
    constraint handover_amount_positive check (amount > 0),
    constraint handover_state_known check (state in ('with_agency', 'recalled', 'closed')),
    constraint handover_ended check (
        (state = 'with_agency') = (ended_at is null) and (state = 'with_agency') = (end_reason is null))
);
create unique index handover_one_running on handover (tenant_id, enrolment_id) where state = 'with_agency';
create index handover_of_customer on handover (tenant_id, customer_id);

create table handover_invoice (
    tenant_id uuid not null,
    handover_id uuid not null,
    invoice_id uuid not null,
    amount bigint not null,
    constraint handover_invoice_pk primary key (tenant_id, handover_id, invoice_id),
    constraint handover_invoice_handover_fk foreign key (tenant_id, handover_id)
        references handover (tenant_id, handover_id),
    constraint handover_invoice_invoice_fk foreign key (tenant_id, invoice_id)
        references invoice (tenant_id, invoice_id),
    constraint handover_invoice_amount check (amount > 0)
);

-- A case that an agency has stays open and rests.
alter table enrolment drop constraint enrolment_status_known;
alter table enrolment add constraint enrolment_status_known check (
    status in ('pending', 'active', 'exhausted', 'handed_over', 'exited'));
drop index enrolment_one_open;
create unique index enrolment_one_open on enrolment (tenant_id, customer_id, brand_id, currency, track)
    where status in ('pending', 'active', 'exhausted', 'handed_over');

select sec.protect(t::regclass) from unnest(array[
    'note', 'payment_plan', 'payment_plan_part', 'payment_plan_invoice', 'agency', 'agency_minimum', 'handover',
    'handover_invoice']) t;

grant select, insert on note, payment_plan_part, payment_plan_invoice, handover_invoice to recoup_api, recoup_bulk;
grant select, insert, update on payment_plan, agency, handover to recoup_api, recoup_bulk;
grant select, insert, delete on agency_minimum to recoup_api;
grant select on agency_minimum, receipt to recoup_bulk;

-- The worker judges promises and plans, hands cases over, and closes what was paid; of notes it reads what belongs into evidence.
grant select on note, payment_plan_part, payment_plan_invoice, agency, agency_minimum, receipt, audit_event
    to recoup_worker;
grant select, update on payment_plan to recoup_worker;
grant select, insert, update on handover to recoup_worker;
grant select, insert on handover_invoice to recoup_worker;
grant update (standing, judged_at) on promise to recoup_worker;

-- What is to be judged is found across tenants: nothing is read of it but when.
grant select (tenant_id, check_at, standing, cancelled_on) on promise to recoup_dispatch;
grant select (tenant_id, check_at, state) on payment_plan to recoup_dispatch;
create policy dispatch_read on promise for select to recoup_dispatch using (true);
create policy dispatch_read on payment_plan for select to recoup_dispatch using (true);

alter table q.due drop constraint due_kind_known;
alter table q.due add constraint due_kind_known
    check (kind in ('step', 'drain', 'plan', 'settle', 'fold', 'import', 'prune', 'reassign', 'judge'));
insert into q.periodic (name, every_seconds, next_at) values ('judge', 5, '2000-01-01') on conflict do nothing;
