-- name: step_run_insert(tenant uuid, ids uuid[], enrolments uuid[], customers uuid[], cycles integer[], keys text[], occurrences integer[], kinds text[], stages integer[], lanes uuid[], states text[], reasons text[], dues timestamptz[], at timestamptz, rounds integer[])
-- Next steps, and steps passed over by an entry policy (skipped, with their reason).
insert into step_run (
    tenant_id, step_run_id, enrolment_id, customer_id, cycle, step_key, occurrence, kind, stage, lane_id, state,
    reason, due_at, planned_at, finished_at, round)
select $1, x.id, x.enrolment_id, x.customer_id, x.cycle, x.step_key, x.occurrence, x.kind, x.stage, x.lane_id, x.state,
    nullif(x.reason, ''), x.due_at, $14, case when x.state = 'skipped' then $14 end, x.round
from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $15)
    x (id, enrolment_id, customer_id, cycle, step_key, occurrence, kind, stage, lane_id, state, reason, due_at, round)
returning step_run.step_run_id;

-- name: step_run_skip(tenant uuid, ids uuid[], reasons text[], at timestamptz)
-- Ends planned steps without a contact; each can say why.
update step_run s set state = 'skipped', reason = x.reason, finished_at = $4
from unnest($2, $3) x (id, reason)
where s.tenant_id = $1 and s.step_run_id = x.id and s.state = 'planned';

-- name: step_run_move(tenant uuid, ids uuid[], dues timestamptz[], lanes uuid[])
-- The same step at another time, or on another lane.
update step_run s set due_at = x.due_at, lane_id = x.lane_id
from unnest($2, $3, $4) x (id, due_at, lane_id)
where s.tenant_id = $1 and s.step_run_id = x.id and s.state = 'planned';

-- name: step_run_trace(tenant uuid, ids uuid[], traces text[])
-- What the gate looked at, kept with the step.
update step_run s set trace = x.trace::jsonb
from unnest($2, $3) x (id, trace)
where s.tenant_id = $1 and s.step_run_id = x.id;

-- name: step_run_send(tenant uuid, ids uuid[], messages uuid[], traces text[])
-- Armed: the step is on its way in this message, and this is what the gate looked at.
update step_run s set state = 'sending', message_id = x.message_id, trace = x.trace::jsonb
from unnest($2, $3, $4) x (id, message_id, trace)
where s.tenant_id = $1 and s.step_run_id = x.id and s.state = 'planned';

-- name: step_run_back(tenant uuid, messages uuid[], dues timestamptz[])
-- The wire was not begun, or refused for now: planned again, at another time.
update step_run s set state = 'planned', due_at = x.due_at
from unnest($2, $3) x (message_id, due_at)
where s.tenant_id = $1 and s.message_id = x.message_id and s.state = 'sending';

-- name: step_run_done(tenant uuid, ids uuid[], at timestamptz)
-- The contact was made (or may have been), or the step without a wire is done.
update step_run s set state = 'done', finished_at = $3
where s.tenant_id = $1 and s.step_run_id = any ($2) and s.state in ('planned', 'sending');

-- name: step_run_undeliverable(tenant uuid, ids uuid[], at timestamptz)
-- Refused for good: no contact was made.
update step_run s set state = 'skipped', reason = 'undeliverable', finished_at = $3
where s.tenant_id = $1 and s.step_run_id = any ($2) and s.state = 'sending';

-- name: step_run_claimed(tenant uuid, ids uuid[])
--+ -> step_run_id uuid, enrolment_id uuid, customer_id uuid, state text
-- What the claimed due rows stand for, before any lock.
select s.step_run_id, s.enrolment_id, s.customer_id, s.state
from step_run s
where s.tenant_id = $1 and s.step_run_id = any ($2);

-- name: step_run_of_messages(tenant uuid, messages uuid[])
--+ -> message_id uuid, step_run_id uuid, enrolment_id uuid, customer_id uuid, step_key text, kind text,
--+ occurrence integer, round integer, stage integer, due_at timestamptz
-- The steps on their way in these messages.
select s.message_id, s.step_run_id, s.enrolment_id, s.customer_id, s.step_key, s.kind, s.occurrence, s.round, s.stage,
    s.due_at
from step_run s
where s.tenant_id = $1 and s.message_id = any ($2) and s.state = 'sending'
order by s.step_run_id;

-- name: step_run_wait(tenant uuid, ids uuid[], dues timestamptz[])
-- The gate said "not yet": the same step, later.
update step_run s set due_at = x.due_at
from unnest($2, $3) x (id, due_at)
where s.tenant_id = $1 and s.step_run_id = x.id and s.state = 'planned';

-- name: step_run_went(tenant uuid, ids uuid[], targets text[])
-- Where steps led, where that is not what follows them.
update step_run s set went_to = x.target
from unnest($2, $3) x (id, target)
where s.tenant_id = $1 and s.step_run_id = x.id;
