-- So many steps planned for days to come, in a lane, of cases that nobody asks about. Variables: tenant, lane, steps, from.
set session_replication_role = replica;
insert into step_run (
    tenant_id, step_run_id, enrolment_id, customer_id, cycle, step_key, occurrence, kind, stage, lane_id, state, due_at,
    planned_at)
select :'tenant'::uuid, lpad(to_hex(g), 32, '0')::uuid, lpad(to_hex(g), 32, '0')::uuid, lpad(to_hex(g), 32, '0')::uuid, 1,
    'reminder-1', 1, 'email', 1, :'lane'::uuid, 'planned', :'from'::timestamptz + '1 day'::interval + '0.2 s'::interval * g,
    :'from'::timestamptz
from generate_series(1, :steps) g;
analyze step_run;
