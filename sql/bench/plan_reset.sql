-- Takes a company's plans away, as if its cases were about to enter. Variable: tenant.
delete from q.due where tenant_id = :'tenant';
delete from step_run where tenant_id = :'tenant';
update enrolment
set status = 'active', exit_reason = null, stage = 0, position = null, position_day = null, anchor_invoice_id = null,
    last_contact_day = null, entry_policy = 'first_stage', dirty = false, closed_at = null, next_step = null, round = 0,
    heard = 0
where tenant_id = :'tenant';
vacuum (analyze) enrolment, step_run, q.due;
