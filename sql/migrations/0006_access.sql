-- Who may do what. The login roles exist already (the migrator makes them); they own nothing and bypass nothing.

select sec.protect(t::regclass) from unnest(array[
    'tenant', 'api_key', 'calendar', 'calendar_day', 'gateway', 'template', 'template_version', 'template_variant',
    'workflow', 'workflow_version', 'workflow_step', 'brand', 'customer', 'contact', 'source', 'tolerance', 'invoice',
    'invoice_term', 'payment', 'allocation', 'in_flight', 'ledger_entry', 'dispute', 'promise', 'promise_invoice', 'hold',
    'enrolment', 'step_run', 'message', 'message_line', 'attempt',
    'contact_budget', 'task', 'audit_event', 'q.lane', 'q.due']) t;

grant usage on schema public, sec to recoup_api, recoup_worker, recoup_bulk, recoup_dispatch, recoup_metrics;
grant usage on schema q to recoup_api, recoup_worker, recoup_bulk, recoup_dispatch, recoup_metrics;
grant execute on function sec.tenant() to recoup_api, recoup_worker, recoup_bulk, recoup_dispatch, recoup_metrics;
grant execute on function sec.enter(uuid) to recoup_api, recoup_worker, recoup_bulk;

-- The API, and the importer beside it: everything a tenant may change.
grant select on instance to recoup_api, recoup_bulk, recoup_worker, recoup_dispatch, recoup_metrics;
grant select, insert, update on tenant, api_key, calendar, gateway, template, template_variant, workflow, brand,
    customer, contact, source, tolerance, invoice, payment, dispute, promise, hold, enrolment, step_run, task
    to recoup_api, recoup_bulk;
grant delete on tolerance to recoup_api;
grant select, insert, update, delete on invoice_term, allocation, in_flight to recoup_api, recoup_bulk;
grant select, insert, delete on calendar_day to recoup_api;
grant select on calendar_day to recoup_bulk;
grant select, insert on template_version, workflow_version, workflow_step, ledger_entry, promise_invoice, audit_event to recoup_api, recoup_bulk;
grant select on message, message_line, attempt, contact_budget to recoup_api, recoup_bulk;
grant update (state, crossed, settled_at) on message to recoup_api, recoup_bulk;
grant select, insert, update on q.lane to recoup_api, recoup_bulk;
grant select, insert, update, delete on q.due to recoup_api, recoup_bulk;

-- The worker: reads a tenant's configuration, moves cases and messages, never money.
grant select on tenant, calendar, calendar_day, gateway, template, template_version, template_variant, workflow,
    workflow_version, workflow_step, brand, customer, contact, source, tolerance, invoice, invoice_term, payment,
    allocation, in_flight, ledger_entry, dispute, promise, promise_invoice, hold to recoup_worker;
grant update (suppressed_reason, updated_at) on contact to recoup_worker;
grant select, insert, update on enrolment, step_run, message, attempt, task, hold to recoup_worker;
grant select, insert on message_line, audit_event to recoup_worker;
grant select, insert, update, delete on contact_budget to recoup_worker;
grant delete on message_line to recoup_worker;
grant select, insert, update on q.lane to recoup_worker;
grant select, insert, update, delete on q.due to recoup_worker;

-- Dispatch sees across tenants, reads only, and no personal data: who is due, who is alive. It also keeps the heartbeat.
grant select on tenant, q.lane, q.due to recoup_dispatch;
grant select, insert, update, delete on q.worker to recoup_dispatch;
grant select on q.worker to recoup_metrics;
grant select (tenant_id, step_run_id, lane_id, state, due_at) on step_run to recoup_dispatch;
grant select (tenant_id, enrolment_id, dirty, status) on enrolment to recoup_dispatch;
grant select (tenant_id, state, armed_at) on message to recoup_dispatch;
-- The clock of a demonstration and the hold after a restore: set by the operator's commands, read by all.
grant select (tenant_id, host, port) on gateway to recoup_dispatch;
grant update (clock_offset_us, hold_reason, hold_at, restore_point, system_identifier, timeline, environment) on instance to recoup_dispatch;
grant select (tenant_id, lane_id, run_at, phase, kind) on q.due to recoup_metrics;
grant select on tenant, q.lane to recoup_metrics;
grant select (tenant_id, state) on message to recoup_metrics;

create policy dispatch_read on tenant for select to recoup_dispatch using (true);
create policy dispatch_read on q.lane for select to recoup_dispatch using (true);
create policy dispatch_read on q.due for select to recoup_dispatch using (true);
create policy dispatch_read on step_run for select to recoup_dispatch using (true);
create policy dispatch_read on enrolment for select to recoup_dispatch using (true);
create policy dispatch_read on message for select to recoup_dispatch using (true);
create policy dispatch_read on gateway for select to recoup_dispatch using (true);
create policy metrics_read on tenant for select to recoup_metrics using (true);
create policy metrics_read on q.lane for select to recoup_metrics using (true);
create policy metrics_read on q.due for select to recoup_metrics using (true);
create policy metrics_read on message for select to recoup_metrics using (true);

-- Limits belong to the role, not the session: a pooler in transaction mode keeps none.
alter role recoup_api set statement_timeout = '5s';
alter role recoup_api set lock_timeout = '2s';
alter role recoup_api set idle_in_transaction_session_timeout = '15s';
alter role recoup_worker set statement_timeout = '30s';
alter role recoup_worker set lock_timeout = '2s';
alter role recoup_worker set idle_in_transaction_session_timeout = '15s';
alter role recoup_bulk set statement_timeout = '60s';
alter role recoup_bulk set lock_timeout = '2s';
alter role recoup_bulk set idle_in_transaction_session_timeout = '30s';
alter role recoup_dispatch set statement_timeout = '5s';
alter role recoup_dispatch set lock_timeout = '2s';
alter role recoup_metrics set statement_timeout = '15s';
alter role recoup_metrics set default_transaction_read_only = on;
