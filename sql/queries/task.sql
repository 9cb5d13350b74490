-- name: task_by_id(tenant uuid, task uuid)
--+ -> task_id uuid, kind text, state text, customer_id uuid, enrolment_id uuid?, step_run_id uuid?, message_id uuid?,
--+ title text, script text, deadline_at timestamptz?, outcome text?, note text?, created_at timestamptz,
--+ closed_at timestamptz?
-- One task as shown.
select task_id, kind, state, customer_id, enrolment_id, step_run_id, message_id, title, script, deadline_at, outcome,
    note, created_at, closed_at
from task
where tenant_id = $1 and task_id = $2;

-- name: task_page(tenant uuid, before uuid?, count bigint, state text?, customer uuid?)
--+ -> task_id uuid, kind text, state text, customer_id uuid, enrolment_id uuid?, step_run_id uuid?, message_id uuid?,
--+ title text, script text, deadline_at timestamptz?, outcome text?, note text?, created_at timestamptz,
--+ closed_at timestamptz?
-- Newest first; in one state, and of one customer, where asked for.
select task_id, kind, state, customer_id, enrolment_id, step_run_id, message_id, title, script, deadline_at, outcome,
    note, created_at, closed_at
from task
where tenant_id = $1 and ($2::uuid is null or task_id < $2) and ($4::text is null or state = $4)
    and ($5::uuid is null or customer_id = $5)
order by task_id desc
limit $3;

-- name: task_close(tenant uuid, task uuid, state text, outcome text?, note text?, at timestamptz)
-- Only an open task: two people cannot both have done it.
update task
set state = $3, outcome = $4, note = $5, closed_at = $6
where tenant_id = $1 and task_id = $2 and state = 'open';
