-- What the planner knows of tables.

-- Looks again at tables the planner takes for small that changed by a tenth, and by a thousand rows, since somebody last did;
-- at how many. The server does so by itself within a minute. But whoever has just imported the first ledger looks at it now, and
-- of a table nobody has looked at the planner believes that hardly a row matches: it joins invoices with cases by the tenant
-- alone, each with each. Of large ones it expects enough rows of each tenant to choose rightly, and they take long to look at.
-- Who may change a table may not analyze it, so this runs as their owner. What somebody else looks at just now is left to them.
create or replace function analyze_grown() returns integer
    language plpgsql security definer set search_path = pg_catalog, pg_temp
    as $$
declare
    v_table regclass;
    v_tables integer := 0;
begin
    for v_table in
        select c.oid
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_stat_all_tables s on s.relid = c.oid
        where n.nspname in ('public', 'q') and c.relkind = 'r' and c.relpersistence = 'p' and c.reltuples < 200000
            and s.n_live_tup > 0 and s.n_mod_since_analyze > 1000 + greatest(c.reltuples, 0) / 10
        order by c.oid
    loop
        execute format('analyze (skip_locked) %s', v_table);
        v_tables := v_tables + 1;
    end loop;
    return v_tables;
end $$;

grant execute on function analyze_grown() to recoup_bulk;
