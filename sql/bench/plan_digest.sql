-- How many steps a company's cases have, and a digest of them all and of how their cases stand; ids that are made while planning
-- are left out. Variable: tenant.
select count(s.step_run_id), md5(string_agg(
    row(e.customer_id, e.status, e.stage, e.position, e.anchor_invoice_id, s.step_key, s.kind, s.occurrence, s.round,
        s.stage, s.state, s.reason, s.due_at)::text,
    e'\n' order by e.customer_id, s.step_key, s.occurrence, s.state))
from enrolment e
left join step_run s on s.tenant_id = e.tenant_id and s.enrolment_id = e.enrolment_id
where e.tenant_id = :'tenant';
