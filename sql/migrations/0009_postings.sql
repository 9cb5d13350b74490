-- Single requests that move money on accounts that exist: who asked for what, once. What they did stands in the ledger.

create table posting (
    tenant_id uuid not null,
    posting_id uuid not null,
    kind text not null,
    customer_id uuid not null,
    brand_id uuid not null,
    invoice_id uuid,
    payment_id uuid,
    source text not null,
    external_id text not null,
    currency text not null,
    amount bigint not null,
    value_date date not null,
    reason text not null,
    note text not null,
    request jsonb not null,
    answer jsonb not null,
    recorded_at timestamptz not null,
    constraint posting_pk primary key (tenant_id, posting_id),
    constraint posting_external_id_key unique (tenant_id, source, kind, external_id),
    constraint posting_customer_fk foreign key (tenant_id, customer_id) references customer (tenant_id, customer_id),
    constraint posting_brand_fk foreign key (tenant_id, brand_id) references brand (tenant_id, brand_id),
    constraint posting_invoice_fk foreign key (tenant_id, invoice_id) references invoice (tenant_id, invoice_id),
    constraint posting_payment_fk foreign key (tenant_id, payment_id) references payment (tenant_id, payment_id),
    constraint posting_source_fk foreign key (tenant_id, source) references source (tenant_id, source),
    constraint posting_kind_known check (kind in ('write_off', 'reversal', 'refund')),
    constraint posting_has_subject check ((kind = 'write_off') = (invoice_id is not null)),
    constraint posting_has_payment check ((kind = 'write_off') = (payment_id is null)),
    constraint posting_amount_positive check (amount > 0)
);
create index posting_of_customer on posting (tenant_id, customer_id);

select sec.protect('posting'::regclass);
grant select, insert on posting to recoup_api, recoup_bulk;
grant select on posting to recoup_worker;

-- The ledger is listed by customer, too.
create index ledger_entry_of_customer on ledger_entry (tenant_id, customer_id, ledger_entry_id);
