-- What is told to the outside, and what keeps a mistake small.

-- A database that was restored counts its transactions anew: events of it come after all that were read before.
alter table instance add column era integer not null default 0;
grant update (era) on instance to recoup_dispatch;

-- Everything that is told to the outside, written in the transaction in which it became true. turn: the era (times 2^48)
-- and the number of that transaction. Numbers of those that commit later may be lower; readers wait until no transaction
-- with a lower number is open, so that what has a place in the list never gets a neighbour before it.
create table event (
    tenant_id uuid not null,
    turn bigint not null,
    event_id uuid not null,
    at timestamptz not null,
    type text not null,
    subject text not null,
    customer_id uuid,
    data jsonb not null,
    constraint event_pk primary key (tenant_id, turn, event_id)
);
select sec.protect('event');
grant select, insert on event to recoup_api, recoup_bulk;
grant select, insert, delete on event to recoup_worker;

-- stale_since: it was told that nothing had come for too long, and nothing has come since.
alter table source add column stale_since timestamptz;
grant update (stale_since) on source to recoup_worker;

-- veto_hours: messages are announced so long before they leave; 0: not at all. first_contacts_per_day: customers written to for
-- the first time on one day; none: as many as there are.
alter table tenant
    add column veto_hours integer not null default 0,
    add column first_contacts_per_day integer;
alter table tenant add constraint tenant_veto_range check (veto_hours between 0 and 168);
alter table tenant add constraint tenant_first_contacts_range check (first_contacts_per_day between 1 and 1000000);

-- When somebody was told that this message would be sent.
alter table step_run add column announced_at timestamptz;
grant update (announced_at) on step_run to recoup_worker;

-- Cases that want to make their first contact where there is a limit, and the day each was given (a civil day in its contact's
-- zone). value: what is asked for, in thousandths of the currency's unit. is_planned: its step knows the day.
create table first_contact (
    tenant_id uuid not null,
    enrolment_id uuid not null,
    customer_id uuid not null,
    brand_id uuid not null,
    wanted_from date not null,
    value bigint not null,
    place date,
    is_planned boolean not null default false,
    constraint first_contact_pk primary key (tenant_id, enrolment_id),
    constraint first_contact_case_fk foreign key (tenant_id, enrolment_id) references enrolment (tenant_id, enrolment_id)
);
create index first_contact_by_day on first_contact (tenant_id, place);
create index first_contact_of_customer on first_contact (tenant_id, customer_id);
create index first_contact_to_plan on first_contact (tenant_id, enrolment_id) where place is not null and not is_planned;
select sec.protect('first_contact');
grant select, insert, update, delete on first_contact to recoup_api, recoup_bulk, recoup_worker;
grant select (tenant_id, state) on import to recoup_worker;

alter table q.due drop constraint due_kind_known;
alter table q.due add constraint due_kind_known
    check (kind in ('step', 'drain', 'plan', 'settle', 'fold', 'import', 'prune', 'watch', 'note'));

-- Numbers of wrong dunning for the operator's metrics.
grant select (message_id, customer_id, brand_id, contact_day, state) on message to recoup_metrics;
grant select (source) on payment to recoup_metrics;
grant select (source, recorded_at) on ledger_entry to recoup_metrics;
grant select on tolerance to recoup_metrics;

-- Apologies for reminders of what had been paid: one for each message, in a message of its own (note_id) that asks for nothing.
alter table tenant add column correction_notes boolean not null default false;
alter table message add column purpose text not null default 'reminder';
alter table message add constraint message_purpose_known check (purpose in ('reminder', 'correction'));
create table correction (
    tenant_id uuid not null,
    message_id uuid not null,
    note_id uuid not null,
    found_at timestamptz not null,
    constraint correction_pk primary key (tenant_id, message_id),
    constraint correction_note_key unique (tenant_id, note_id),
    constraint correction_message_fk foreign key (tenant_id, message_id) references message (tenant_id, message_id)
);
select sec.protect('correction');
grant select on correction to recoup_api;
grant select, insert on correction to recoup_worker;

grant update (kill_switch) on instance to recoup_dispatch;
grant select (purpose) on message to recoup_metrics;
