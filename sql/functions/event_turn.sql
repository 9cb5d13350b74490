-- The place of an event among all others.

-- The era of this database, then the number of the transaction. The lock, shared by all that write events, keeps an era from
-- beginning beside a writer that has read the one before: its events would come behind a reader that has gone past them.
create or replace function event_turn() returns bigint
    language plpgsql
    as $$
declare
    v_era bigint;
begin
    perform pg_advisory_xact_lock_shared(1, 1);
    select max(i.era) into v_era from instance i;
    return coalesce(v_era, 0) * 281474976710656 + pg_current_xact_id()::text::bigint;
end $$;

grant execute on function event_turn() to recoup_api, recoup_bulk, recoup_worker;
