-- name: prune_attempts(tenant uuid, before uuid, limit integer)
-- Tries whose message is settled, the oldest first.
delete from attempt a
using (
    select o.attempt_id
    from attempt o
    join message m on m.tenant_id = $1 and m.message_id = o.message_id
        and m.state in ('accepted', 'refused', 'assumed_sent', 'withdrawn')
    where o.tenant_id = $1 and o.attempt_id < $2
    order by o.attempt_id
    limit $3
) old
where a.tenant_id = $1 and a.attempt_id = old.attempt_id;

-- name: prune_steps(tenant uuid, before uuid, closed_before timestamptz, limit integer)
-- Steps passed over, and all of cases that were closed long ago; a done step of an open case is what keeps it from being
-- done again.
delete from step_run s
using (
    select o.step_run_id
    from step_run o
    join enrolment e on e.tenant_id = $1 and e.enrolment_id = o.enrolment_id
    where o.tenant_id = $1 and o.step_run_id < $2 and o.state in ('done', 'skipped') and o.finished_at < $3
        and (o.state = 'skipped' or (e.status = 'exited' and e.closed_at < $3))
    order by o.step_run_id
    limit $4
) old
where s.tenant_id = $1 and s.step_run_id = old.step_run_id;
