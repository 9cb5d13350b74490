/// Notes what a worker changes by leases that were not its own any more when it asked, by its connection.
struct StaleLeases: CustomStringConvertible {
    /// Leases that were lost, named by those who had them.
    let asked: Int
    /// Rows changed all the same.
    let changed: Int
    /// Rows named by a lost and by a held lease in one call.
    let both: Int

    var description: String {
        "asked to end \(asked) leases that were lost, changed \(changed) rows; \(both) named by a lost and a held lease at once"
    }

    init(in world: World) async throws {
        let sums = try await world.sql(
            """
            select coalesce(sum(lost), 0)::text, coalesce(sum(changed), 0)::text, coalesce(sum(both_ways), 0)::text from stale
            """)
        let numbers = sums[0].compactMap { Int($0) }
        (asked, changed, both) = (numbers[0], numbers[1], numbers[2])
    }

    /// Puts itself in front of what ends leases, and writes each call that named a lost one into the table `stale`.
    static let watch = """
        create table stale (function text, backend text, lost integer, changed integer, both_ways integer);
        alter function q.finish(uuid, uuid, uuid[], bigint[]) rename to finish_as_it_is;
        alter function q.release(uuid, uuid, uuid[], bigint[], timestamptz[], boolean) rename to release_as_it_is;
        create function q.lost(p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[]) returns uuid[]
            language sql as $$
            -- A row may be named twice, by a lease that was lost and by one that is held: then it may be changed.
            select coalesce(array_agg(distinct u.due_id), '{}') from unnest(p_due) u (due_id)
            where not exists (
                select 1 from q.due d
                join unnest(p_due, p_lease) v (due_id, lease) on v.due_id = d.due_id and v.lease = d.lease
                where d.tenant_id = p_tenant and d.due_id = u.due_id and d.worker_id = p_worker)
            $$;
        create function q.both_ways(p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[]) returns integer
            language sql as $$
            select count(distinct d.due_id)::integer from q.due d
            join unnest(p_due, p_lease) held (due_id, lease) on held.due_id = d.due_id and held.lease = d.lease
            join unnest(p_due, p_lease) lost (due_id, lease) on lost.due_id = d.due_id and lost.lease <> d.lease
            where d.tenant_id = p_tenant and d.worker_id = p_worker
            $$;
        create function q.finish(p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[])
            returns table (due_id uuid, phase smallint) language plpgsql security definer as $$
        #variable_conflict use_column
        declare v_lost uuid[] := q.lost(p_tenant, p_worker, p_due, p_lease); v_changed integer := 0;
            v_both integer := q.both_ways(p_tenant, p_worker, p_due, p_lease);
        begin
            for due_id, phase in select f.due_id, f.phase from q.finish_as_it_is(p_tenant, p_worker, p_due, p_lease) f loop
                if due_id = any (v_lost) then v_changed := v_changed + 1; end if;
                return next;
            end loop;
            if v_lost <> '{}' or v_both > 0 then
                insert into stale values ('finish', pg_backend_pid()::text, cardinality(v_lost), v_changed, v_both);
            end if;
        end $$;
        create function q.release(
            p_tenant uuid, p_worker uuid, p_due uuid[], p_lease bigint[], p_run_at timestamptz[], p_burn boolean)
            returns table (due_id uuid) language plpgsql security definer as $$
        #variable_conflict use_column
        declare v_lost uuid[] := q.lost(p_tenant, p_worker, p_due, p_lease); v_changed integer := 0;
            v_both integer := q.both_ways(p_tenant, p_worker, p_due, p_lease);
        begin
            for due_id in select r.due_id
                from q.release_as_it_is(p_tenant, p_worker, p_due, p_lease, p_run_at, p_burn) r loop
                if due_id = any (v_lost) then v_changed := v_changed + 1; end if;
                return next;
            end loop;
            if v_lost <> '{}' or v_both > 0 then
                insert into stale values ('release', pg_backend_pid()::text, cardinality(v_lost), v_changed, v_both);
            end if;
        end $$;
        grant execute on all functions in schema q to recoup_worker
        """
}
