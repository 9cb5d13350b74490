-- Money: dated, append-only entries; balances are sums of them.

-- Where receivables come from. A source that has not been heard of for longer than max_age_hours is stale.
create table source (
    tenant_id uuid not null,
    source text not null,
    last_success_at timestamptz,
    max_age_hours integer,
    created_at timestamptz not null,
    constraint source_pk primary key (tenant_id, source),
    constraint source_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint source_age_valid check (max_age_hours between 1 and 8760)
);

-- What is too little to ask for, by currency.
create table tolerance (
    tenant_id uuid not null,
    currency text not null,
    amount bigint not null,
    constraint tolerance_pk primary key (tenant_id, currency),
    constraint tolerance_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint tolerance_valid check (amount >= 0)
);

-- total: as issued, with the adjustments since. settled_at caches "its entries sum to nothing", so that open invoices are
-- found without reading the paid ones; `recoup doctor` compares it with the sums. version: what the source says of its own
-- state, 0 where it says nothing. claimed_open: what the source says is still to be paid, where it says so; is_absent: it was
-- missing in a list of all open items. What is open beyond that is settled by reversible entries. request: what a single write said, so that its repetition is known; none from imports.
create table invoice (
    tenant_id uuid not null,
    invoice_id uuid not null,
    customer_id uuid not null,
    brand_id uuid not null,
    source text not null,
    external_id text not null,
    version bigint not null default 0,
    number text not null,
    issue_date date,
    due_date date,
    currency text not null,
    total bigint not null,
    claimed_open bigint,
    is_absent boolean not null default false,
    settled_at timestamptz,
    request jsonb,
    recorded_at timestamptz not null,
    constraint invoice_pk primary key (tenant_id, invoice_id),
    constraint invoice_external_id_key unique (tenant_id, source, external_id),
    constraint invoice_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint invoice_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint invoice_source_fk foreign key (tenant_id, source) references source (tenant_id, source),
    constraint invoice_total_valid check (total >= 0),
    constraint invoice_claim_valid check (claimed_open >= 0)
);
create index invoice_of_customer on invoice (tenant_id, customer_id, due_date);
create index invoice_open on invoice (tenant_id, customer_id) where settled_at is null;

-- Instalments, and due dates that changed: what was asked for when, as known on each day. An invoice without rows here has
-- one term, its own due date and total. The terms of one day are those with from_day <= day < until_day.
create table invoice_term (
    tenant_id uuid not null,
    invoice_id uuid not null,
    from_day date not null,
    number integer not null,
    until_day date not null default 'infinity',
    due_date date,
    amount bigint not null,
    constraint invoice_term_pk primary key (tenant_id, invoice_id, from_day, number),
    constraint invoice_term_invoice_fk foreign key (tenant_id, invoice_id) references invoice (tenant_id, invoice_id),
    constraint invoice_term_days check (from_day < until_day),
    constraint invoice_term_amount check (amount >= 0)
);

-- What covers invoices: a payment, or a credit note. unallocated caches what of it stands on the customer's credit
-- account. automatic: its source named no invoice, so it goes to the oldest debt.
create table payment (
    tenant_id uuid not null,
    payment_id uuid not null,
    kind text not null,
    customer_id uuid not null,
    brand_id uuid not null,
    source text not null,
    external_id text not null,
    version bigint not null default 0,
    currency text not null,
    amount bigint not null,
    unallocated bigint not null,
    automatic boolean not null,
    status text not null,
    method text not null,
    value_date date not null,
    request jsonb,
    answer jsonb,
    recorded_at timestamptz not null,
    constraint payment_pk primary key (tenant_id, payment_id),
    constraint payment_external_id_key unique (tenant_id, source, kind, external_id),
    constraint payment_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint payment_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint payment_source_fk foreign key (tenant_id, source) references source (tenant_id, source),
    constraint payment_kind_known check (kind in ('payment', 'credit_note')),
    constraint payment_amount_positive check (amount > 0),
    constraint payment_unallocated_valid check (unallocated between 0 and amount),
    constraint payment_status_known check (status in ('succeeded', 'pending', 'failed', 'reversed')),
    constraint payment_method_known check (method in ('card', 'debit', 'transfer', 'other'))
);
create index payment_of_customer on payment (tenant_id, customer_id);
create index payment_with_credit on payment (tenant_id, customer_id) where unallocated > 0;

-- What the source says a payment is for. An invoice that is not known yet may be named: its money waits.
create table allocation (
    tenant_id uuid not null,
    payment_id uuid not null,
    source text not null,
    invoice_external_id text not null,
    amount bigint not null,
    constraint allocation_pk primary key (tenant_id, payment_id, source, invoice_external_id),
    constraint allocation_payment_fk foreign key (tenant_id, payment_id) references payment (tenant_id, payment_id),
    constraint allocation_amount_positive check (amount > 0)
);
create index allocation_of_invoice on allocation (tenant_id, source, invoice_external_id);

-- Money under way: pending payments by invoice, until they arrive, fail or are too old.
create table in_flight (
    tenant_id uuid not null,
    payment_id uuid not null,
    invoice_id uuid not null,
    amount bigint not null,
    expires_at timestamptz not null,
    constraint in_flight_pk primary key (tenant_id, payment_id, invoice_id),
    constraint in_flight_payment_fk foreign key (tenant_id, payment_id) references payment (tenant_id, payment_id),
    constraint in_flight_invoice_fk foreign key (tenant_id, invoice_id) references invoice (tenant_id, invoice_id),
    constraint in_flight_amount_positive check (amount > 0)
);
create index in_flight_of_invoice on in_flight (tenant_id, invoice_id);

-- Every movement of money on one account, signed as it changes what the customer owes: an invoice's account, or, where
-- invoice_id is null, the customer's credit at the brand in the currency. Appended, never changed: balances are sums, also
-- those of past days (value_date is when it counts, recorded_at when we heard of it).
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
    source text,
    external_id text,
    note text,
    constraint ledger_entry_pk primary key (tenant_id, ledger_entry_id),
    constraint ledger_entry_customer_fk foreign key (tenant_id, customer_id)
        references customer (tenant_id, customer_id),
    constraint ledger_entry_invoice_fk foreign key (tenant_id, invoice_id)
        references invoice (tenant_id, invoice_id),
    constraint ledger_entry_payment_fk foreign key (tenant_id, payment_id)
        references payment (tenant_id, payment_id),
    constraint ledger_entry_kind_known check (
        kind in ('invoice', 'adjustment', 'payment', 'credit_note', 'write_off', 'settlement', 'reversal', 'refund',
            'transfer', 'recovery')),
    constraint ledger_entry_amount_valid check (amount <> 0),
    constraint ledger_entry_signed check (
        case
            when kind in ('invoice', 'refund') then amount > 0
            when kind in ('payment', 'credit_note') then amount < 0
            else true
        end),
    constraint ledger_entry_has_account check (
        case
            when kind in ('invoice', 'adjustment', 'write_off', 'recovery', 'settlement') then invoice_id is not null
            when kind in ('payment', 'credit_note', 'transfer', 'refund') then payment_id is not null
            else true
        end)
);
create index ledger_entry_of_invoice on ledger_entry (tenant_id, invoice_id) where invoice_id is not null;
create index ledger_entry_of_payment on ledger_entry (tenant_id, payment_id) where payment_id is not null;
create unique index ledger_entry_external_id_key on ledger_entry (tenant_id, source, kind, external_id)
    where external_id is not null;

-- The customer says that something is wrong: the disputed part (all, where amount is null) is not asked for until resolved.
create table dispute (
    tenant_id uuid not null,
    dispute_id uuid not null,
    customer_id uuid not null,
    invoice_id uuid not null,
    amount bigint,
    reason text not null,
    note text not null,
    from_day date not null,
    until_day date not null default 'infinity',
    outcome text,
    created_at timestamptz not null,
    resolved_at timestamptz,
    constraint dispute_pk primary key (tenant_id, dispute_id),
    constraint dispute_invoice_fk foreign key (tenant_id, invoice_id) references invoice (tenant_id, invoice_id),
    constraint dispute_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint dispute_amount_positive check (amount > 0),
    constraint dispute_days check (from_day <= until_day),
    constraint dispute_outcome_known check (outcome in ('rejected', 'accepted', 'withdrawn')),
    constraint dispute_resolved check ((resolved_at is null) = (outcome is null))
);
create unique index dispute_one_open on dispute (tenant_id, invoice_id) where resolved_at is null;
create index dispute_of_invoice on dispute (tenant_id, invoice_id);
create index dispute_of_customer on dispute (tenant_id, customer_id);

-- The customer says when it pays: nothing is asked of the promised invoices until the day has passed.
create table promise (
    tenant_id uuid not null,
    promise_id uuid not null,
    customer_id uuid not null,
    brand_id uuid not null,
    currency text not null,
    amount bigint not null,
    made_on date not null,
    due_on date not null,
    cancelled_on date,
    cancel_reason text,
    note text not null,
    created_at timestamptz not null,
    constraint promise_pk primary key (tenant_id, promise_id),
    constraint promise_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint promise_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint promise_amount_positive check (amount > 0),
    constraint promise_days check (made_on <= due_on),
    constraint promise_cancelled check ((cancelled_on is null) = (cancel_reason is null)),
    constraint promise_cancel_reason_known check (cancel_reason in ('dispute', 'credit', 'replaced', 'withdrawn'))
);
create index promise_of_customer on promise (tenant_id, customer_id);
create index promise_by_day on promise (tenant_id, due_on);

create table promise_invoice (
    tenant_id uuid not null,
    promise_id uuid not null,
    invoice_id uuid not null,
    constraint promise_invoice_pk primary key (tenant_id, promise_id, invoice_id),
    constraint promise_invoice_promise_fk foreign key (tenant_id, promise_id) references promise (tenant_id, promise_id),
    constraint promise_invoice_invoice_fk foreign key (tenant_id, invoice_id) references invoice (tenant_id, invoice_id)
);
create index promise_of_invoice on promise_invoice (tenant_id, invoice_id);

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
