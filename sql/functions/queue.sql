-- The queue's own functions. Tenant first in all but those that look across tenants or know of none; searched CASE only;
-- volatile functions are read into variables first, never called inside an UPDATE. Rows are found one by one, by their
-- key: under row-level security the planner takes one row in two hundred for a tenant's, however many there are, and would
-- sooner read all that is due of a tenant than look a hundred rows up. No other index may serve: a worker's own rows look few
-- too, so it is compared by "is not distinct from". What is forbidden counts as dear, and what is dear would be compiled each
-- time: no JIT.
-- They are written all at once: each UPDATE reads the table's checks anew, which takes five times as long as to write a row.
-- To join them to the rows found would leave the planner that choice again, so they are "inserted" where they are known to be
-- there, locked: the conflict is looked up by the key and by nothing else.

-- Lanes with something to claim, in the order of their turns; read only and without locks. start: the turn's place in the
-- queue's time. Work done moves a lane's pass on, less for a heavier weight; one that slept comes back at most a batch
-- behind the last turn begun, so that it hoards no credit (start-time fair queueing). While the system is on hold no mail
-- lane is touched, so that what was due then can still be told. A tenant in shadow plans, but sends nothing. A look that is
-- not full sees nothing left of the lanes' floors.
create or replace function q.ready_lanes(p_now timestamptz, p_full boolean, p_limit integer)
    returns table (tenant_id uuid, lane_id uuid, kind text, weight integer, start bigint, is_urgent boolean)
    language plpgsql stable set enable_seqscan = off set jit = off
    as $$
#variable_conflict use_column
declare
    v_at timestamptz := clock_timestamp();
    v_held boolean := exists (select 1 from instance i where i.hold_reason is not null);
    v_time bigint := (select max(l.began) from q.lane l);
begin
    return query
    select l.tenant_id, l.lane_id, l.kind, t.weight, greatest(l.pass, v_time - q.work_of(100, 100)), u.is_urgent
    from q.lane l
    join tenant t on t.tenant_id = l.tenant_id
        and (t.mode = 'live' or (t.mode = 'shadow' and l.kind in ('internal', 'bulk', 'upkeep')))
    cross join lateral (
        select exists (
            select 1 from q.due d
            where d.tenant_id = l.tenant_id and d.lane_id = l.lane_id and d.free and d.priority = 0 and d.run_at <= p_now
        ) as is_urgent
    ) u
    where l.held_reason is null and (l.paused_until is null or l.paused_until <= p_now) and l.free_at <= v_at
        and not (v_held and l.kind in ('mail', 'sms'))
        and (u.is_urgent or exists (
            select 1 from q.due d
            where d.tenant_id = l.tenant_id and d.lane_id = l.lane_id and d.free and d.priority = 1
                and d.run_at <= p_now and d.run_at >= case when p_full then '-infinity' else l.floor_at end
        ))
    order by 5, l.tenant_id, l.lane_id
    limit p_limit;
end $$;

-- Lanes of live tenants with planned steps to bring near, paused ones too; read only.
create or replace function q.stageable_lanes(p_horizon timestamptz, p_slack interval, p_limit integer)
    returns table (tenant_id uuid, lane_id uuid)
    language plpgsql stable set enable_seqscan = off set jit = off
    as $$
#variable_conflict use_column
begin
    return query
    select l.tenant_id, l.lane_id
    from q.lane l
    join tenant t on t.tenant_id = l.tenant_id and t.mode = 'live'
    where l.kind in ('mail', 'sms', 'internal') and exists (
        select 1 from step_run s
        where s.tenant_id = l.tenant_id and s.lane_id = l.lane_id and s.state = 'planned'
            and s.due_at >= l.staged_to - case when isfinite(l.staged_to) then p_slack else '0'::interval end
            and s.due_at < p_horizon
            and (select d.ref from q.due d where d.tenant_id = l.tenant_id and d.kind = 'step' and d.ref = s.step_run_id)
                is null)
    limit p_limit;
end $$;

-- How far so many rows move a lane's pass: a row of weight 100 is a thousand.
create or replace function q.work_of(p_rows integer, p_weight integer) returns bigint
    language plpgsql immutable
    as $$ begin return p_rows::bigint * 100000 / p_weight; end $$;

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
    v_first timestamptz;
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
            -- A look by key for each: as an anti-join of tables nobody has analyzed yet it would read all for each.
            and (select d.ref from q.due d where d.tenant_id = p_tenant and d.kind = 'step' and d.ref = s.step_run_id)
                is null
        order by s.due_at limit p_limit
    ), put as (
        insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
        select p_tenant, n.step_run_id, p_lane, 'step', n.step_run_id, n.due_at from near n
        on conflict do nothing
        returning 1
    )
    select count(*), min(n.due_at), max(n.due_at), (select count(*) from put) into v_seen, v_first, v_last, v_count
    from near n;
    v_to := p_horizon;
    if v_seen >= p_limit then
        -- Not the last batch: what was seen ends here, whether or not somebody else had put some of it in already.
        v_to := least(p_horizon, v_last);
    end if;
    update q.lane set staged_to = greatest(staged_to, v_to), floor_at = least(floor_at, v_first)
    where tenant_id = p_tenant and lane_id = p_lane and (staged_to < v_to or floor_at > v_first);
    return v_count;
end $$;

-- How many sessions of a lane's gateway this worker may use: its part of what the gateway allows, of those nobody else
-- uses. A worker not heard for five seconds counts no more. The caller holds the lane's row.
create or replace function q.seats_for(p_tenant uuid, p_lane uuid, p_worker uuid, p_cap integer) returns integer
    language plpgsql
    as $$
declare
    v_heard timestamptz := clock_timestamp() - '5 seconds'::interval;
    v_others integer;
    v_taken integer;
begin
    select count(*), coalesce(sum(s.seats), 0) into v_others, v_taken from q.seat s
    where s.tenant_id = p_tenant and s.lane_id = p_lane and s.worker_id <> p_worker and s.touched_at > v_heard;
    return greatest(0, least((p_cap + v_others) / (v_others + 1), p_cap - v_taken));
end $$;

-- Notes how many sessions this worker may be using: of those it may have, as many as it has messages for; and what flies
-- keeps its session until it lands.
create or replace function q.take_seats(
    p_tenant uuid, p_lane uuid, p_worker uuid, p_seats integer, p_held integer, p_flying integer)
    returns void
    language plpgsql
    as $$
declare
    v_at timestamptz := clock_timestamp();
    v_heard timestamptz := v_at - '5 seconds'::interval;
begin
    if p_held = 0 then
        delete from q.seat where tenant_id = p_tenant and lane_id = p_lane and worker_id = p_worker;
        return;
    end if;
    update q.seat set seats = greatest(least(p_seats, p_held), least(p_flying, seats)), touched_at = v_at
    where tenant_id = p_tenant and lane_id = p_lane and worker_id = p_worker;
    if not found then
        delete from q.seat where tenant_id = p_tenant and lane_id = p_lane and touched_at <= v_heard;
        insert into q.seat (tenant_id, lane_id, worker_id, seats, touched_at)
        values (p_tenant, p_lane, p_worker, least(p_seats, p_held), v_at);
    end if;
end $$;

-- The same between two claims, for a lane whose messages take long; null while somebody else has the lane's row.
create or replace function q.keep_seats(
    p_tenant uuid, p_lane uuid, p_worker uuid, p_held integer, p_flying integer)
    returns integer
    language plpgsql
    as $$
declare
    v_cap integer;
    v_seats integer;
begin
    perform 1 from q.lane where tenant_id = p_tenant and lane_id = p_lane for no key update skip locked;
    if not found then
        return null;
    end if;
    select sessions into v_cap from gateway where tenant_id = p_tenant and gateway_id = p_lane;
    if not found then
        return null;
    end if;
    v_seats := q.seats_for(p_tenant, p_lane, p_worker, v_cap);
    perform q.take_seats(p_tenant, p_lane, p_worker, v_seats, p_held, p_flying);
    return v_seats;
end $$;

-- Leases up to p_limit free due rows to a worker, urgent ones first, as the gateway's sessions and its rate allow. The lane
-- row is locked (a busy lane yields nothing), so two claimers of one lane never wait for each other, and the lease number
-- grows. The rate counts what is claimed: in any minute a tenth at once and the rest in a steady flow, together never more.
create or replace function q.claim(
    p_tenant uuid, p_lane uuid, p_worker uuid, p_now timestamptz, p_limit integer, p_start bigint, p_full boolean,
    p_held integer, p_flying integer)
    returns table (
        due_id uuid, kind text, ref uuid, run_at timestamptz, attempt_no integer, failures integer, lease bigint,
        is_urgent boolean, seats integer)
    language plpgsql set enable_seqscan = off set jit = off set enable_bitmapscan = off set enable_sort = off
    as $$
#variable_conflict use_column
declare
    v_at timestamptz := clock_timestamp();
    v_lane q.lane%rowtype;
    v_weight integer;
    v_cap integer;
    v_rate integer;
    v_seats integer;
    v_burst integer;
    v_flow double precision;
    v_tokens bigint := 0;
    v_limit integer := p_limit;
    v_urgent uuid[];
    v_planned uuid[];
    v_ids uuid[];
    v_last timestamptz;
    v_lease bigint;
    v_start bigint;
    v_floor timestamptz;
    v_free timestamptz;
begin
    select * into v_lane from q.lane l
    where l.tenant_id = p_tenant and l.lane_id = p_lane and l.held_reason is null
        and (l.paused_until is null or l.paused_until <= p_now)
    for no key update skip locked;
    if not found then
        return;
    end if;
    v_free := v_lane.free_at;
    select g.sessions, g.rate_per_minute into v_cap, v_rate from gateway g
    where g.tenant_id = p_tenant and g.gateway_id = p_lane;
    if v_cap is not null then
        v_seats := q.seats_for(p_tenant, p_lane, p_worker, v_cap);
        if v_seats = 0 then
            -- Noted all the same: whoever has them sees that somebody waits.
            perform q.take_seats(p_tenant, p_lane, p_worker, 0, 1, p_flying);
            return;
        end if;
    end if;
    if v_rate is not null then
        v_burst := greatest(1, v_rate / 10);
        -- Millionths of a message per second.
        v_flow := (v_rate - v_burst + 1) * 1000000.0 / 60;
        v_tokens := v_burst::bigint * 1000000;
        if isfinite(v_lane.tokens_at) then
            v_tokens := least(v_tokens, v_lane.tokens + v_flow * extract(epoch from v_at - v_lane.tokens_at));
        end if;
        v_limit := least(p_limit, v_tokens / 1000000);
        if v_limit < 1 then
            return;
        end if;
    end if;
    select array_agg(c.due_id) into v_urgent from (
        select d.due_id from q.due d
        where d.tenant_id = p_tenant and d.lane_id = p_lane and d.free and d.priority = 0 and d.run_at <= p_now
        order by d.run_at, d.due_id limit v_limit for update skip locked
    ) c;
    v_floor := case when p_full then '-infinity' else v_lane.floor_at end;
    select array_agg(c.due_id), max(c.run_at) into v_planned, v_last from (
        select d.due_id, d.run_at from q.due d
        where d.tenant_id = p_tenant and d.lane_id = p_lane and d.free and d.priority = 1 and d.run_at <= p_now
            and d.run_at >= v_floor
        order by d.run_at, d.due_id limit v_limit - coalesce(cardinality(v_urgent), 0) for update skip locked
    ) c;
    v_ids := v_urgent || v_planned;
    if v_cap is not null then
        perform q.take_seats(
            p_tenant, p_lane, p_worker, v_seats, p_held + coalesce(cardinality(v_ids), 0), p_flying);
    end if;
    if v_ids is null then
        return;
    end if;
    select t.weight into v_weight from tenant t where t.tenant_id = p_tenant;
    v_start := greatest(v_lane.pass, coalesce(p_start, 0));
    v_lease := v_lane.lease_no + 1;
    -- Two seconds of slack: what commits later than it was due is found at once, what comes later still by a full look.
    v_floor := case when v_last is null then v_lane.floor_at else greatest(v_floor, v_last - '2 seconds'::interval) end;
    if v_rate is not null then
        v_tokens := v_tokens - cardinality(v_ids)::bigint * 1000000;
        v_free := v_at + make_interval(secs => greatest(0, 1000000 - v_tokens) / v_flow);
    end if;
    update q.lane l set lease_no = v_lease, pass = v_start + q.work_of(cardinality(v_ids), v_weight), began = v_start,
        floor_at = v_floor, tokens = v_tokens, tokens_at = v_at, free_at = v_free
    where l.tenant_id = p_tenant and l.lane_id = p_lane;
    return query
    insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
    select p_tenant, h.due_id, h.lane_id, h.kind, h.ref, h.run_at
    from unnest(v_ids) u (due_id)
    cross join lateral (
        select o.due_id, o.lane_id, o.kind, o.ref, o.run_at from q.due o
        where o.tenant_id = p_tenant and o.due_id = u.due_id
        for no key update
    ) h
    on conflict (tenant_id, due_id) do update
    set phase = 1, worker_id = p_worker, lease = v_lease, claimed_at = v_at
    returning q.due.due_id, q.due.kind, q.due.ref, q.due.run_at, q.due.attempt_no, q.due.failures, v_lease,
        q.due.priority = 0, v_seats;
end $$;

-- Marks claimed rows as "may be on the wire"; returns those that were still ours.
create or replace function q.arm(p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[])
    returns table (due_id uuid, attempt_no integer)
    language plpgsql set enable_seqscan = off set jit = off set enable_bitmapscan = off
    as $$
#variable_conflict use_column
declare
    v_at timestamptz := clock_timestamp();
begin
    return query
    insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
    select p_tenant, h.due_id, h.lane_id, h.kind, h.ref, h.run_at
    from unnest(p_due, p_lease) u (due_id, lease)
    cross join lateral (
        select o.due_id, o.lane_id, o.kind, o.ref, o.run_at from q.due o
        where o.tenant_id = p_tenant and o.due_id = u.due_id and o.lease = u.lease
            and o.worker_id is not distinct from p_worker
            and o.phase = 1
        for no key update
    ) h
    on conflict (tenant_id, due_id) do update
    set phase = 2, attempt_no = q.due.attempt_no + 1, armed_at = v_at
    returning q.due.due_id, q.due.attempt_no;
end $$;

-- Ends leases by deleting the rows, which asks no checks. The fence: only rows still leased to this worker under this lease.
create or replace function q.finish(p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[])
    returns table (due_id uuid, phase smallint)
    language plpgsql set enable_seqscan = off set jit = off set enable_bitmapscan = off
    as $$
#variable_conflict use_column
declare
    x record;
begin
    for x in select u.due_id, u.lease from unnest(p_due, p_lease) u (due_id, lease) loop
        return query
        delete from q.due d
        where d.tenant_id = p_tenant and d.due_id = x.due_id and d.lease = x.lease
            and d.worker_id is not distinct from p_worker
        returning d.due_id, d.phase;
    end loop;
end $$;

-- Gives leases back: the rows are free again, due at p_run_at. p_burn = false undoes the attempt an arm counted.
create or replace function q.release(
    p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[], p_run_at timestamptz[], p_burn boolean)
    returns table (due_id uuid)
    language plpgsql set enable_seqscan = off set jit = off set enable_bitmapscan = off
    as $$
#variable_conflict use_column
begin
    return query
    insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
    select p_tenant, h.due_id, h.lane_id, h.kind, h.ref, u.run_at
    from unnest(p_due, p_lease, p_run_at) u (due_id, lease, run_at)
    cross join lateral (
        select o.due_id, o.lane_id, o.kind, o.ref from q.due o
        where o.tenant_id = p_tenant and o.due_id = u.due_id and o.lease = u.lease
            and o.worker_id is not distinct from p_worker
        for no key update
    ) h
    on conflict (tenant_id, due_id) do update
    set phase = 0, worker_id = null, lease = null, claimed_at = null, armed_at = null, run_at = excluded.run_at,
        attempt_no = case when q.due.phase = 2 and not p_burn then q.due.attempt_no - 1 else q.due.attempt_no end
    returning q.due.due_id;
end $$;

-- Gives leases back after a failure of ours: due again at p_run_at, or a dead letter at the p_most-th time, which only a
-- replay brings back. An arm that never came to the wire is undone.
create or replace function q.fail(
    p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[], p_run_at timestamptz, p_now timestamptz, p_error text,
    p_most integer)
    returns table (due_id uuid, is_dead boolean)
    language plpgsql set enable_seqscan = off set jit = off set enable_bitmapscan = off
    as $$
#variable_conflict use_column
begin
    return query
    insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
    select p_tenant, h.due_id, h.lane_id, h.kind, h.ref, p_run_at
    from unnest(p_due, p_lease) u (due_id, lease)
    cross join lateral (
        select o.due_id, o.lane_id, o.kind, o.ref from q.due o
        where o.tenant_id = p_tenant and o.due_id = u.due_id and o.lease = u.lease
            and o.worker_id is not distinct from p_worker
        for no key update
    ) h
    on conflict (tenant_id, due_id) do update
    set phase = case when q.due.failures + 1 >= p_most then 3 else 0 end, worker_id = null, lease = null,
        claimed_at = null, armed_at = null, run_at = p_run_at, failures = q.due.failures + 1, error = p_error,
        failed_at = p_now, attempt_no = case when q.due.phase = 2 then q.due.attempt_no - 1 else q.due.attempt_no end
    returning q.due.due_id, q.due.phase = 3;
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

-- A worker that has finished everything says so, and nobody waits for its heartbeat any more.
create or replace function q.farewell(p_worker uuid) returns boolean
    language plpgsql
    as $$
begin
    update q.worker set dead = true where worker_id = p_worker;
    return found;
end $$;

-- Deletes workers dead for that long that hold nothing; how many.
create or replace function q.forget_workers(p_age interval) returns bigint
    language plpgsql
    as $$
declare
    v_before timestamptz := clock_timestamp() - p_age;
    v_count bigint;
begin
    delete from q.worker w
    where w.dead and w.heartbeat_at < v_before and not exists (select 1 from q.due d where d.worker_id = w.worker_id);
    get diagnostics v_count = row_count;
    return v_count;
end $$;

-- The next periodic work that is due, taken by this worker; null when there is none. Its turn after that begins now: one
-- that fails, or whose worker dies, comes again.
create or replace function q.take_periodic(p_worker uuid) returns text
    language plpgsql
    as $$
declare
    v_at timestamptz := clock_timestamp();
    v_name text;
    v_next timestamptz;
begin
    select name, v_at + make_interval(secs => every_seconds) into v_name, v_next from q.periodic
    where next_at <= v_at order by next_at limit 1 for update skip locked;
    if v_name is not null then
        update q.periodic set next_at = v_next, worker_id = p_worker, began_at = v_at where name = v_name;
    end if;
    return v_name;
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

grant execute on function q.work_of(integer, integer) to recoup_dispatch, recoup_worker;
grant execute on function q.ready_lanes(timestamptz, boolean, integer) to recoup_dispatch;
grant execute on function q.stageable_lanes(timestamptz, interval, integer) to recoup_dispatch;
grant execute on function q.heartbeat(uuid, text) to recoup_dispatch;
grant execute on function q.farewell(uuid) to recoup_dispatch;
grant execute on function q.take_periodic(uuid) to recoup_dispatch;
grant execute on function q.forget_workers(interval) to recoup_dispatch;
grant execute on function q.bury(interval, integer) to recoup_dispatch;
grant execute on function q.stage(uuid, uuid, timestamptz, interval, integer) to recoup_worker;
grant execute on function q.seats_for(uuid, uuid, uuid, integer) to recoup_worker;
grant execute on function q.take_seats(uuid, uuid, uuid, integer, integer, integer) to recoup_worker;
grant execute on function q.keep_seats(uuid, uuid, uuid, integer, integer) to recoup_worker;
grant execute on function q.claim(uuid, uuid, uuid, timestamptz, integer, bigint, boolean, integer, integer)
    to recoup_worker;
grant execute on function q.arm(uuid, uuid, uuid[], bigint[]) to recoup_worker;
grant execute on function q.finish(uuid, uuid, uuid[], bigint[]) to recoup_worker;
grant execute on function q.release(uuid, uuid, uuid[], bigint[], timestamptz[], boolean) to recoup_worker;
grant execute on function q.fail(uuid, uuid, uuid[], bigint[], timestamptz, timestamptz, text, integer) to recoup_worker;
