-- Numbers: rollups of the ledger by day and month, kept in step with it. Nothing here is truth; all of it can be made anew
-- from the entries.

-- What the rollups of a tenant were made with; writers share the row, whoever makes them anew has it alone.
create table receivable_book (
    tenant_id uuid not null,
    aging_edges smallint[] not null,
    constraint receivable_book_pk primary key (tenant_id),
    constraint receivable_book_tenant_fk foreign key (tenant_id) references tenant (tenant_id)
);

-- What moved on a day, and the same by month (dated on its first). invoiced … refunded: sums of entries. open, late_0 …
-- late_3, disputed, unapplied: by how much the balances rise that day; late_n is what is overdue by more than the n-th edge
-- (0 and the three of the book), so that a debt enters on a day of its own, years ahead maybe. unapplied is negative: credit.
create table receivable_day (
    tenant_id uuid not null,
    grain text not null,
    day date not null,
    brand_id uuid not null,
    currency text not null,
    invoiced bigint not null,
    credited bigint not null,
    paid bigint not null,
    settled bigint not null,
    written_off bigint not null,
    refunded bigint not null,
    open bigint not null,
    late_0 bigint not null,
    late_1 bigint not null,
    late_2 bigint not null,
    late_3 bigint not null,
    disputed bigint not null,
    unapplied bigint not null,
    constraint receivable_day_pk primary key (tenant_id, grain, day, brand_id, currency),
    constraint receivable_day_grain_known check (grain in ('day', 'month'))
) with (fillfactor = 80);

-- The same, not yet added to the rows above: each transaction that books appends, so no two wait for each other.
create table receivable_delta (
    tenant_id uuid not null,
    batch_id uuid not null,
    line integer not null,
    day date not null,
    brand_id uuid not null,
    currency text not null,
    invoiced bigint not null,
    credited bigint not null,
    paid bigint not null,
    settled bigint not null,
    written_off bigint not null,
    refunded bigint not null,
    open bigint not null,
    late_0 bigint not null,
    late_1 bigint not null,
    late_2 bigint not null,
    late_3 bigint not null,
    disputed bigint not null,
    unapplied bigint not null,
    constraint receivable_delta_pk primary key (tenant_id, batch_id, line)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- Days beyond terms: invoices covered on a day whose last event was a payment, until the day this stopped being true. days:
-- from due date to settlement; cash: paid for them; cash_days: each invoice's cash times its days.
create table receivable_terms (
    tenant_id uuid not null,
    settled_on date not null,
    until_day date not null,
    brand_id uuid not null,
    currency text not null,
    invoices bigint not null,
    days bigint not null,
    cash bigint not null,
    cash_days bigint not null,
    constraint receivable_terms_pk primary key (tenant_id, settled_on, until_day, brand_id, currency)
) with (fillfactor = 80);

create table receivable_terms_delta (
    tenant_id uuid not null,
    batch_id uuid not null,
    line integer not null,
    settled_on date not null,
    until_day date not null,
    brand_id uuid not null,
    currency text not null,
    invoices bigint not null,
    days bigint not null,
    cash bigint not null,
    cash_days bigint not null,
    constraint receivable_terms_delta_pk primary key (tenant_id, batch_id, line)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

-- What one unit of a currency is worth in units of a base, times 10^12; the last known on or before a day counts.
create table exchange_rate (
    tenant_id uuid not null,
    base text not null,
    currency text not null,
    day date not null,
    rate_e12 bigint not null,
    recorded_at timestamptz not null,
    constraint exchange_rate_pk primary key (tenant_id, base, currency, day),
    constraint exchange_rate_tenant_fk foreign key (tenant_id) references tenant (tenant_id),
    constraint exchange_rate_positive check (rate_e12 > 0),
    constraint exchange_rate_of_two check (base <> currency)
);

-- First contacts by month.
create index message_by_day on message (tenant_id, contact_day);

select sec.protect(t::regclass) from unnest(array[
    'receivable_book', 'receivable_day', 'receivable_delta', 'receivable_terms', 'receivable_terms_delta',
    'exchange_rate']) t;

-- Whoever books keeps the deltas; the worker folds them, and makes the rollups anew.
grant select, insert, update on receivable_book to recoup_api, recoup_bulk, recoup_worker;
grant select, insert on receivable_delta, receivable_terms_delta to recoup_api, recoup_bulk;
grant select on receivable_day, receivable_terms to recoup_api;
grant select, insert, update, delete on receivable_day, receivable_terms to recoup_worker, recoup_bulk;
grant select, insert, update, delete on receivable_delta, receivable_terms_delta to recoup_worker, recoup_bulk;
grant select, insert, update on exchange_rate to recoup_api, recoup_bulk;
grant select on exchange_rate to recoup_worker;

-- Dispatch looks for tenants with something to fold.
grant select (tenant_id) on receivable_delta, receivable_terms_delta to recoup_dispatch;
grant select on receivable_book to recoup_dispatch;
create policy dispatch_read on receivable_delta for select to recoup_dispatch using (true);
create policy dispatch_read on receivable_terms_delta for select to recoup_dispatch using (true);
create policy dispatch_read on receivable_book for select to recoup_dispatch using (true);

-- The metrics program shows each tenant's numbers: it enters one tenant after the other, and reads no personal data.
grant execute on function sec.enter(uuid) to recoup_metrics;
grant select on receivable_book, receivable_day, receivable_delta, receivable_terms, receivable_terms_delta, exchange_rate,
    promise_invoice to recoup_metrics;
grant select (tenant_id, promise_id, customer_id, brand_id, currency, amount, made_on, due_on, cancelled_on)
    on promise to recoup_metrics;
grant select (tenant_id, ledger_entry_id, invoice_id, payment_id, kind, amount, value_date) on ledger_entry
    to recoup_metrics;
grant select (tenant_id, payment_id, kind, customer_id, brand_id, currency) on payment to recoup_metrics;
grant select (tenant_id, message_id, contact_day) on message to recoup_metrics;
grant select (tenant_id, message_id, invoice_id, enrolment_id, currency, open_amount) on message_line to recoup_metrics;
grant select (tenant_id, enrolment_id, brand_id, currency, track) on enrolment to recoup_metrics;
grant select (tenant_id, enrolment_id, message_id) on step_run to recoup_metrics;
