-- The queue's own functions. Tenant first in all but the two that look across tenants; searched CASE only;
-- volatile functions are read into variables first, never called inside an UPDATE.

-- Lanes with something to do, read only and without locks: rows to claim, or planned steps to bring near.
-- While the system is on hold no step is touched, so that what was due then can still be told.
-- Paused lanes are left out of claiming, not of staging. A tenant in shadow plans, but nothing of it is staged or sent.
create or replace function q.ready_lanes(p_now timestamptz, p_horizon timestamptz, p_slack interval, p_limit integer)
    returns table (tenant_id uuid, lane_id uuid, kind text, claimable boolean, stageable boolean)
    language plpgsql stable
    as $$
#variable_conflict use_column
begin
    return query
    select l.tenant_id, l.lane_id, l.kind, r.claimable, r.stageable
    from q.lane l
    join tenant t on t.tenant_id = l.tenant_id and (t.mode = 'live' or (t.mode = 'shadow' and l.kind in ('internal', 'bulk')))
    cross join lateral (
        select
            (l.paused_until is null or l.paused_until <= p_now)
            and not (l.kind in ('mail', 'sms') and exists (select 1 from instance i where i.hold_reason is not null))
            and exists (
                select 1 from q.due d
                where d.tenant_id = l.tenant_id and d.lane_id = l.lane_id and d.phase = 0 and d.run_at <= p_now
            ) as claimable,
            t.mode = 'live' and exists (
                select 1 from step_run s
                where s.tenant_id = l.tenant_id and s.lane_id = l.lane_id and s.state = 'planned'
                    and s.due_at >= l.staged_to - case when isfinite(l.staged_to) then p_slack else '0'::interval end
                    and s.due_at < p_horizon
                    and not exists (
                        select 1 from q.due d where d.tenant_id = l.tenant_id and d.kind = 'step' and d.ref = s.step_run_id)
            ) as stageable
    ) r
    where r.claimable or r.stageable
    limit p_limit;
end $$;

-- Brings planned steps due before the horizon into the hot table. Idempotent. The slack behind staged_to finds what was
-- planned by a transaction that committed after the last pass.
create or replace function q.stage(p_tenant uuid, p_lane uuid, p_horizon timestamptz, p_slack interval, p_limit integer)
    returns integer
    language plpgsql
    as $$
declare
    v_from timestamptz;
    v_to timestamptz;
    v_seen integer;
    v_count integer;
    v_last timestamptz;
begin
    select staged_to into v_from from q.lane
    where tenant_id = p_tenant and lane_id = p_lane for no key update skip locked;
    if not found then
        return 0;
    end if;
    if v_from > '-infinity' then
        v_from := v_from - p_slack;
    end if;
    with near as materialized (
        select s.step_run_id, s.due_at from step_run s
        where s.tenant_id = p_tenant and s.lane_id = p_lane and s.state = 'planned'
            and s.due_at >= v_from and s.due_at < p_horizon
            and not exists (
                select 1 from q.due d where d.tenant_id = p_tenant and d.kind = 'step' and d.ref = s.step_run_id)
        order by s.due_at limit p_limit
    ), put as (
        insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
        select p_tenant, n.step_run_id, p_lane, 'step', n.step_run_id, n.due_at from near n
        on conflict do nothing
        returning 1
    )
    select count(*), max(n.due_at), (select count(*) from put) into v_seen, v_last, v_count from near n;
    v_to := p_horizon;
    if v_seen >= p_limit then
        -- Not the last batch: what was seen ends here, whether or not somebody else had put some of it in already.
        v_to := least(p_horizon, v_last);
    end if;
    update q.lane set staged_to = v_to where tenant_id = p_tenant and lane_id = p_lane and staged_to < v_to;
    return v_count;
end $$;

-- Leases up to p_limit free due rows to a worker. The lane row is locked (a busy lane yields nothing), so two claimers
-- of one lane never wait for each other, and the lease number grows.
create or replace function q.claim(p_tenant uuid, p_lane uuid, p_worker uuid, p_now timestamptz, p_limit integer)
    returns table (due_id uuid, kind text, ref uuid, run_at timestamptz, attempt_no integer, lease bigint)
    language plpgsql
    as $$
#variable_conflict use_column
declare
    v_ids uuid[];
    v_lease bigint;
    v_at timestamptz := clock_timestamp();
begin
    perform 1 from q.lane l
    where l.tenant_id = p_tenant and l.lane_id = p_lane and (l.paused_until is null or l.paused_until <= p_now)
    for no key update skip locked;
    if not found then
        return;
    end if;
    select array_agg(c.due_id) into v_ids from (
        select d.due_id from q.due d
        where d.tenant_id = p_tenant and d.lane_id = p_lane and d.phase = 0 and d.run_at <= p_now
        order by d.run_at, d.due_id limit p_limit for update skip locked
    ) c;
    if v_ids is null then
        return;
    end if;
    update q.lane l set lease_no = l.lease_no + 1 where l.tenant_id = p_tenant and l.lane_id = p_lane
    returning l.lease_no into v_lease;
    return query
    update q.due d set phase = 1, worker_id = p_worker, lease = v_lease, claimed_at = v_at
    where d.tenant_id = p_tenant and d.due_id = any (v_ids)
    returning d.due_id, d.kind, d.ref, d.run_at, d.attempt_no, v_lease;
end $$;

-- Marks claimed rows as "may be on the wire"; returns those that were still ours.
create or replace function q.arm(p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[])
    returns table (due_id uuid, attempt_no integer)
    language plpgsql
    as $$
#variable_conflict use_column
declare
    v_at timestamptz := clock_timestamp();
begin
    return query
    update q.due d set phase = 2, attempt_no = d.attempt_no + 1, armed_at = v_at
    from unnest(p_due, p_lease) x (due_id, lease)
    where d.tenant_id = p_tenant and d.due_id = x.due_id and d.lease = x.lease and d.worker_id = p_worker
        and d.phase = 1
    returning d.due_id, d.attempt_no;
end $$;

-- Ends leases by deleting the rows. The fence: only rows still leased to this worker under this lease.
create or replace function q.finish(p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[])
    returns table (due_id uuid, phase smallint)
    language plpgsql
    as $$
#variable_conflict use_column
begin
    return query
    delete from q.due d using unnest(p_due, p_lease) x (due_id, lease)
    where d.tenant_id = p_tenant and d.due_id = x.due_id and d.lease = x.lease and d.worker_id = p_worker
    returning d.due_id, d.phase;
end $$;

-- Gives leases back: the rows are free again, due at p_run_at. p_burn = false undoes the attempt an arm counted.
create or replace function q.release(
    p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[], p_run_at timestamptz[], p_burn boolean)
    returns table (due_id uuid)
    language plpgsql
    as $$
#variable_conflict use_column
begin
    return query
    update q.due d set phase = 0, worker_id = null, lease = null, claimed_at = null, armed_at = null, run_at = x.run_at,
        attempt_no = case when d.phase = 2 and not p_burn then d.attempt_no - 1 else d.attempt_no end
    from unnest(p_due, p_lease, p_run_at) x (due_id, lease, run_at)
    where d.tenant_id = p_tenant and d.due_id = x.due_id and d.lease = x.lease and d.worker_id = p_worker
    returning d.due_id;
end $$;

-- The heartbeat (database time). False: this worker was declared dead and must start anew under another id.
create or replace function q.heartbeat(p_worker uuid, p_host text) returns boolean
    language plpgsql
    as $$
declare
    v_at timestamptz := clock_timestamp();
    v_dead boolean;
begin
    insert into q.worker (worker_id, started_at, heartbeat_at, host) values (p_worker, v_at, v_at, p_host)
    on conflict (worker_id) do update set heartbeat_at = excluded.heartbeat_at where not q.worker.dead;
    select dead into v_dead from q.worker where worker_id = p_worker;
    return not v_dead;
end $$;

-- Declares the silent dead, and lists what the dead still hold.
create or replace function q.bury(p_silence interval, p_limit integer)
    returns table (
        tenant_id uuid, lane_id uuid, worker_id uuid, due_id uuid, lease bigint, phase smallint, kind text)
    language plpgsql
    as $$
#variable_conflict use_column
declare
    v_limit timestamptz := clock_timestamp() - p_silence;
begin
    update q.worker w set dead = true where not w.dead and w.heartbeat_at < v_limit;
    return query
    select d.tenant_id, d.lane_id, d.worker_id, d.due_id, d.lease, d.phase, d.kind
    from q.due d join q.worker w on w.worker_id = d.worker_id and w.dead
    order by d.tenant_id, d.due_id limit p_limit;
end $$;

grant execute on function q.ready_lanes(timestamptz, timestamptz, interval, integer) to recoup_dispatch;
grant execute on function q.heartbeat(uuid, text) to recoup_dispatch;
grant execute on function q.bury(interval, integer) to recoup_dispatch;
grant execute on function q.stage(uuid, uuid, timestamptz, interval, integer) to recoup_worker;
grant execute on function q.claim(uuid, uuid, uuid, timestamptz, integer) to recoup_worker;
grant execute on function q.arm(uuid, uuid, uuid[], bigint[]) to recoup_worker;
grant execute on function q.finish(uuid, uuid, uuid[], bigint[]) to recoup_worker;
grant execute on function q.release(uuid, uuid, uuid[], bigint[], timestamptz[], boolean) to recoup_worker;
