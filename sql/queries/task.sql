-- name: task_by_id(tenant uuid, task uuid)
--+ -> task_id uuid, kind text, state text, customer_id uuid, enrolment_id uuid?, step_run_id uuid?, message_id uuid?,
--+ title text, script text, deadline_at timestamptz?, outcome text?, note text?, claimed_by text?, claimed_at timestamptz?,
--+ created_at timestamptz, closed_at timestamptz?
-- One task as shown.
select task_id, kind, case when state = 'open' and claimed_by is not null then 'claimed' else state end as state,
    customer_id, enrolment_id, step_run_id, message_id, title, script, deadline_at, outcome, note, claimed_by, claimed_at,
    created_at, closed_at
from task
where tenant_id = $1 and task_id = $2;

-- name: task_page(tenant uuid, before uuid?, count bigint, state text?, customer uuid?, kind text?, claimed_by text?,
--+ late_at timestamptz?)
--+ -> task_id uuid, kind text, state text, customer_id uuid, enrolment_id uuid?, step_run_id uuid?, message_id uuid?,
--+ title text, script text, deadline_at timestamptz?, outcome text?, note text?, claimed_by text?, claimed_at timestamptz?,
--+ created_at timestamptz, closed_at timestamptz?
-- Newest first; in one state, of one customer, of one kind, of one person, and past the deadline, where asked for.
select task_id, kind, case when state = 'open' and claimed_by is not null then 'claimed' else state end as state,
    customer_id, enrolment_id, step_run_id, message_id, title, script, deadline_at, outcome, note, claimed_by, claimed_at,
    created_at, closed_at
from task
where tenant_id = $1 and ($2::uuid is null or task_id < $2)
    and ($4::text is null or case when state = 'open' and claimed_by is not null then 'claimed' else state end = $4)
    and ($5::uuid is null or customer_id = $5) and ($6::text is null or kind = $6)
    and ($7::text is null or claimed_by = $7)
    and ($8::timestamptz is null or (state = 'open' and deadline_at <= $8))
order by task_id desc
limit $3;

-- name: task_claim(tenant uuid, task uuid, claimed_by text, at timestamptz)
-- Only an open task that is nobody's, or already this person's.
update task
set claimed_by = $3, claimed_at = coalesce(claimed_at, $4)
where tenant_id = $1 and task_id = $2 and state = 'open' and (claimed_by is null or claimed_by = $3);

-- name: task_release(tenant uuid, task uuid)
-- An open task is anybody's again.
update task
set claimed_by = null, claimed_at = null
where tenant_id = $1 and task_id = $2 and state = 'open';

-- name: task_step_key(tenant uuid, step_run uuid) -> step_key text
-- The step that asked for it.
select s.step_key from step_run s where s.tenant_id = $1 and s.step_run_id = $2;

-- name: task_close(tenant uuid, task uuid, state text, outcome text?, note text?, at timestamptz)
-- Only an open task: two people cannot both have done it.
update task
set state = $3, outcome = $4, note = $5, closed_at = $6
where tenant_id = $1 and task_id = $2 and state = 'open';
