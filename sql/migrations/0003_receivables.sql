-- Money: dated, append-only entries; balances are sums of them.

-- settled_at caches "allocations cover the total" so that open invoices are found without reading the paid ones;
-- `recoup doctor` compares it with the sums.
create table invoice (
    tenant_id uuid not null,
    invoice_id uuid not null,
    customer_id uuid not null,
    brand_id uuid not null,
    external_id text not null,
    number text not null,
    issue_date date,
    due_date date,
    currency text not null,
    total bigint not null,
    settled_at timestamptz,
    request jsonb not null,
    recorded_at timestamptz not null,
    constraint invoice_pk primary key (tenant_id, invoice_id),
    constraint invoice_external_id_key unique (tenant_id, external_id),
    constraint invoice_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint invoice_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint invoice_total_positive check (total > 0)
);
create index invoice_of_customer on invoice (tenant_id, customer_id, due_date);
create index invoice_open on invoice (tenant_id, customer_id) where settled_at is null;

create table payment (
    tenant_id uuid not null,
    payment_id uuid not null,
    customer_id uuid not null,
    brand_id uuid not null,
    external_id text not null,
    currency text not null,
    amount bigint not null,
    unallocated bigint not null,
    status text not null,
    method text not null,
    value_date date not null,
    request jsonb not null,
    answer jsonb,
    recorded_at timestamptz not null,
    constraint payment_pk primary key (tenant_id, payment_id),
    constraint payment_external_id_key unique (tenant_id, external_id),
    constraint payment_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint payment_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint payment_amount_positive check (amount > 0),
    constraint payment_unallocated_valid check (unallocated between 0 and amount),
    constraint payment_status_known check (status in ('succeeded', 'pending')),
    constraint payment_method_known check (method in ('card', 'debit', 'transfer', 'other'))
);
create index payment_of_customer on payment (tenant_id, customer_id);
create index payment_with_credit on payment (tenant_id, customer_id) where unallocated > 0;

-- Every movement of money, signed as it changes what the customer owes: invoice +, payment −.
create table ledger_entry (
    tenant_id uuid not null,
    ledger_entry_id uuid not null,
    kind text not null,
    customer_id uuid not null,
    brand_id uuid not null,
    invoice_id uuid,
    payment_id uuid,
    currency text not null,
    amount bigint not null,
    value_date date not null,
    recorded_at timestamptz not null,
    constraint ledger_entry_pk primary key (tenant_id, ledger_entry_id),
    constraint ledger_entry_customer_fk foreign key (tenant_id, customer_id)
        references customer (tenant_id, customer_id),
    constraint ledger_entry_invoice_fk foreign key (tenant_id, invoice_id)
        references invoice (tenant_id, invoice_id),
    constraint ledger_entry_payment_fk foreign key (tenant_id, payment_id)
        references payment (tenant_id, payment_id),
    constraint ledger_entry_kind_known check (kind in ('invoice', 'payment')),
    constraint ledger_entry_signed check ((kind = 'invoice') = (amount > 0) and amount <> 0)
);
create index ledger_entry_by_day on ledger_entry (tenant_id, value_date);
create index ledger_entry_of_invoice on ledger_entry (tenant_id, invoice_id);
create index ledger_entry_of_payment on ledger_entry (tenant_id, payment_id);

-- Which payment covers which invoice. An allocation of a pending payment is money under way.
create table allocation (
    tenant_id uuid not null,
    allocation_id uuid not null,
    payment_id uuid not null,
    invoice_id uuid not null,
    amount bigint not null,
    value_date date not null,
    recorded_at timestamptz not null,
    constraint allocation_pk primary key (tenant_id, allocation_id),
    constraint allocation_payment_fk foreign key (tenant_id, payment_id)
        references payment (tenant_id, payment_id),
    constraint allocation_invoice_fk foreign key (tenant_id, invoice_id)
        references invoice (tenant_id, invoice_id),
    constraint allocation_amount_positive check (amount > 0)
);
create index allocation_of_invoice on allocation (tenant_id, invoice_id);
create index allocation_of_payment on allocation (tenant_id, payment_id);

create table hold (
    tenant_id uuid not null,
    hold_id uuid not null,
    scope text not null,
    brand_id uuid,
    customer_id uuid,
    invoice_id uuid,
    reason text not null,
    note text not null,
    from_at timestamptz not null,
    until_at timestamptz,
    released_at timestamptz,
    created_at timestamptz not null,
    constraint hold_pk primary key (tenant_id, hold_id),
    constraint hold_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint hold_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint hold_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint hold_invoice_fk foreign key (tenant_id, invoice_id) references invoice (tenant_id, invoice_id),
    constraint hold_scope_known check (scope in ('tenant', 'brand', 'customer', 'invoice')),
    constraint hold_scope_named check (
        (scope = 'brand') = (brand_id is not null)
        and (scope = 'customer') = (customer_id is not null and invoice_id is null)
        and (scope = 'invoice') = (invoice_id is not null and customer_id is not null))
);
create index hold_active on hold (tenant_id, scope) where released_at is null;
create index hold_of_customer on hold (tenant_id, customer_id) where released_at is null;

create table import (
    tenant_id uuid not null,
    import_id uuid not null,
    state text not null,
    mapping jsonb not null,
    entry_policy text not null,
    rows_read integer not null default 0,
    customers_created integer not null default 0,
    invoices_created integer not null default 0,
    payments_created integer not null default 0,
    unchanged integer not null default 0,
    errors integer not null default 0,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint import_pk primary key (tenant_id, import_id),
    constraint import_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint import_state_known check (state in ('running', 'done', 'failed'))
);

create table import_error (
    tenant_id uuid not null,
    import_id uuid not null,
    line integer not null,
    part text not null,
    field text not null,
    code text not null,
    message text not null,
    constraint import_error_pk primary key (tenant_id, import_id, line, part),
    constraint import_error_import_fk foreign key (tenant_id, import_id) references import (tenant_id, import_id)
);
