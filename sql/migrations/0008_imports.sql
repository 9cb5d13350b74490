-- Files of customers, invoices and payments: as uploaded, as staged row by row, and what became of them.

-- How the columns of a kind of file are read, under a name.
create table import_mapping (
    tenant_id uuid not null,
    name text not null,
    mapping jsonb not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint import_mapping_pk primary key (tenant_id, name),
    constraint import_mapping_tenant_fk foreign key (tenant_id) references tenant (tenant_id)
);

-- receiving: bytes are coming in. From received on it is the worker's. run counts the workers that took it up: what an
-- earlier one still writes is refused. rows_staged counts rows of import_row; rows up to (at_slot, at_seq) were applied.
-- asked_policy: how new cases enter, where somebody chose; entry_policy: as decided.
create table import (
    tenant_id uuid not null,
    import_id uuid not null,
    state text not null,
    mode text not null,
    source text not null,
    is_snapshot boolean not null,
    brand_id uuid not null,
    mapping jsonb not null,
    mapping_name text,
    file_name text,
    asked_policy text,
    entry_policy text,
    created_by text not null,
    pieces integer not null default 0,
    file_size bigint not null default 0,
    file_sha256 bytea,
    today date,
    run integer not null default 0,
    pieces_read integer not null default 0,
    rows_read integer not null default 0,
    rows_staged integer not null default 0,
    rows_applied integer not null default 0,
    at_slot integer not null default -1,
    at_seq integer not null default -1,
    customers_created integer not null default 0,
    customers_changed integer not null default 0,
    invoices_created integer not null default 0,
    invoices_changed integer not null default 0,
    payments_created integer not null default 0,
    payments_changed integer not null default 0,
    credit_notes_created integer not null default 0,
    credit_notes_changed integer not null default 0,
    unchanged integer not null default 0,
    older integer not null default 0,
    settled integer not null default 0,
    reopened integer not null default 0,
    errors integer not null default 0,
    closing integer not null default 0,
    open_items integer not null default 0,
    problem_code text,
    problem text,
    created_at timestamptz not null,
    received_at timestamptz,
    confirmed_at timestamptz,
    finished_at timestamptz,
    constraint import_pk primary key (tenant_id, import_id),
    constraint import_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint import_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint import_mode_known check (mode in ('atomic', 'partial', 'dry_run')),
    constraint import_state_known check (
        state in ('receiving', 'received', 'staging', 'validating', 'awaiting_confirmation', 'applying', 'done', 'failed',
            'cancelled'))
);

-- The file as it was uploaded, in pieces of at most 1 MB; gone when the import has ended.
create table import_piece (
    tenant_id uuid not null,
    import_id uuid not null,
    number integer not null,
    bytes bytea not null,
    constraint import_piece_pk primary key (tenant_id, import_id, number),
    constraint import_piece_import_fk foreign key (tenant_id, import_id) references import (tenant_id, import_id),
    constraint import_piece_size check (octet_length(bytes) between 1 and 1048576)
);
-- Often compressed already, and not kept for long.
alter table import_piece alter column bytes set storage external;

-- What was not taken in, and why. row_no 0 is the file as a whole; line and column as a person finds them.
create table import_error (
    tenant_id uuid not null,
    import_id uuid not null,
    row_no integer not null,
    field text not null,
    line integer not null,
    column_name text,
    code text not null,
    message text not null,
    constraint import_error_pk primary key (tenant_id, import_id, row_no, field),
    constraint import_error_import_fk foreign key (tenant_id, import_id) references import (tenant_id, import_id)
);

-- What the last file said of the contact it made: what somebody has corrected since stays until a file says something else.
alter table contact add column file_email text;
alter table contact add column file_phone text;

-- Rows of files on their way in, for the bulk role alone: COPY cannot write into a table with row-level security. Emptied
-- when the import ends; lost when the server crashes, and then read from the pieces again.
-- slot: a hash of the customer, so that rows with equal slots stand together and make one chunk. seq numbers the staged
-- rows of an import. payment_*: a payment or a credit note; where the row has an invoice too, it is made for that invoice.
-- refused: parts that are not taken in (1 customer, 2 contact, 4 invoice, 8 payment or credit note; 16: some part was
-- refused when the row was read).
-- route: found while applying: 1 the invoice is stored, 2 the document is stored, 4 the customer's account needs the rule.
create unlogged table import_row (
    tenant_id uuid not null,
    import_id uuid not null,
    slot integer not null,
    seq integer not null,
    row_no integer not null,
    line integer not null,
    refused smallint not null default 0,
    route smallint not null default 0,
    customer text,
    customer_id uuid,
    makes_customer boolean not null,
    customer_name text,
    customer_kind text,
    customer_locale text,
    customer_zone text,
    customer_traits jsonb,
    contact_name text,
    contact_email text,
    contact_key text,
    contact_phone text,
    invoice text,
    invoice_id uuid,
    number text,
    issue_date date,
    due_date date,
    currency text,
    total bigint,
    version bigint,
    claimed_open bigint,
    terms jsonb,
    payment text,
    payment_id uuid,
    payment_kind text,
    payment_invoice text,
    value_date date,
    paid bigint,
    paid_currency text,
    method text,
    payment_version bigint,
    constraint import_row_pk primary key (tenant_id, import_id, slot, seq)
) with (autovacuum_vacuum_scale_factor = 0.5);
alter table import_row alter column tenant_id set statistics 0;

select sec.protect(t::regclass) from unnest(array['import', 'import_mapping', 'import_piece', 'import_error']) t;

grant select, insert, update on import to recoup_api, recoup_bulk;
grant select, insert, update, delete on import_mapping to recoup_api;
grant select on import_mapping to recoup_bulk;
grant select, insert, delete on import_piece to recoup_api;
grant select, insert, delete on import_piece to recoup_bulk;
grant select on import_error to recoup_api;
grant select, insert on import_error to recoup_bulk;
grant select, insert, update, delete on import_row to recoup_bulk;
-- A validation looks at all rows of a file at once.
alter role recoup_bulk set work_mem = '64MB';
