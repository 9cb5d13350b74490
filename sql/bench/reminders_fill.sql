-- So many more reminders at each of these companies, each to a customer of its own: copies of what the product made of the
-- pattern, staged. One falls due every :gap seconds at each, the first :after seconds from now, the companies by turns. Rollups
-- and audit trail know nothing of them. When the first falls due, in microseconds. Variables: tenants, each, round, after, gap.
set session_replication_role = replica;
select clock_timestamp() + make_interval(secs => clock_offset_us / 1000000.0 + :after) as start from instance \gset
create temporary table place as
select t.tenant_id, c.customer_id as pattern, 'r' || :round || '-' || g as name,
    (lpad(to_hex(:round), 16, '0') || lpad(to_hex(g), 16, '0'))::uuid as id,
    :'start'::timestamptz
        + make_interval(secs => (g - 1 + (t.number - 1.0) / cardinality(:'tenants'::uuid[])) * :gap) as due_at
from unnest(:'tenants'::uuid[]) with ordinality t (tenant_id, number)
join customer c on c.tenant_id = t.tenant_id and c.external_id = 'c0'
cross join generate_series(1, :each) g;
analyze place;
insert into customer
select x.*
from place p
join customer c on c.tenant_id = p.tenant_id and c.customer_id = p.pattern
cross join jsonb_populate_record(c, jsonb_build_object('customer_id', p.id, 'external_id', p.name)) x;
insert into contact
select x.*
from place p
join contact c on c.tenant_id = p.tenant_id and c.customer_id = p.pattern
cross join jsonb_populate_record(c, jsonb_build_object(
    'contact_id', p.id, 'customer_id', p.id, 'email', p.name || '@debtor.example',
    'email_key', p.name || '@debtor.example')) x;
insert into invoice
select x.*
from place p
join invoice v on v.tenant_id = p.tenant_id and v.customer_id = p.pattern
cross join jsonb_populate_record(v, jsonb_build_object(
    'invoice_id', p.id, 'customer_id', p.id, 'external_id', p.name, 'number', p.name)) x;
insert into ledger_entry
select x.*
from place p
join ledger_entry l on l.tenant_id = p.tenant_id and l.customer_id = p.pattern
cross join jsonb_populate_record(l, jsonb_build_object(
    'ledger_entry_id', p.id, 'customer_id', p.id, 'invoice_id', p.id)) x;
insert into enrolment
select x.*
from place p
join enrolment e on e.tenant_id = p.tenant_id and e.customer_id = p.pattern
cross join jsonb_populate_record(e, jsonb_build_object(
    'enrolment_id', p.id, 'customer_id', p.id, 'anchor_invoice_id', p.id)) x;
-- In one transaction: a worker that runs already would stage them itself.
begin;
insert into step_run
select x.*
from place p
join step_run s on s.tenant_id = p.tenant_id and s.customer_id = p.pattern and s.state = 'planned'
cross join jsonb_populate_record(s, jsonb_build_object(
    'step_run_id', p.id, 'enrolment_id', p.id, 'customer_id', p.id, 'due_at', p.due_at)) x;
insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
select p.tenant_id, p.id, s.lane_id, 'step', p.id, p.due_at
from place p
join step_run s on s.tenant_id = p.tenant_id and s.step_run_id = p.id;
commit;
vacuum (analyze) customer, contact, invoice, ledger_entry, enrolment, step_run, q.due;
select (extract(epoch from :'start'::timestamptz) * 1000000)::bigint;
