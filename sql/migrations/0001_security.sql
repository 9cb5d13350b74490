-- Schemas and the tenant context. Everything else builds on sec.tenant().

create schema sec;
create schema q;

-- The tenant of the running transaction; NULL (so: no row) when none was entered.
-- Stays inlinable: plain SQL, stable, no SET, not SECURITY DEFINER.
create function sec.tenant() returns uuid
    language sql stable parallel safe
    as $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$;

-- Enters a tenant until the end of the transaction. EXECUTE of SET LOCAL, never set_config:
-- only the former reaches every node when tables are distributed.
create function sec.enter(p_tenant uuid) returns void
    language plpgsql
    as $$ begin execute format('set local app.tenant_id = %L', p_tenant); end $$;

-- Row-level security for one tenant table: the one policy text there is. And what the planner is to believe of a tenant: a
-- list of the most common ones says that another has next to no rows, so on the day a new tenant imports its ledger every
-- index that begins with tenant_id looks as good as the right one, and a look-up by invoice reads all the tenant has. Without
-- statistics it expects the same share for each, and the longer match wins.
create function sec.protect(p_table regclass) returns void
    language plpgsql
    as $$
begin
    execute format('alter table %s enable row level security', p_table);
    execute format(
        'create policy tenant on %s using (tenant_id = sec.tenant()) with check (tenant_id = sec.tenant())', p_table);
    execute format('alter table %s alter column tenant_id set statistics 0', p_table);
end $$;

-- FORCE is a switch of the migrator: on for one PostgreSQL, off where shards must move.
create function sec.force(p_on boolean) returns void
    language plpgsql
    as $$
declare
    t regclass;
begin
    for t in
        select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'q') and c.relkind in ('r', 'p') and c.relrowsecurity
    loop
        execute format('alter table %s %s row level security', t, case when p_on then 'force' else 'no force' end);
    end loop;
end $$;

revoke all on schema public, sec, q from public;
revoke create on schema public from public;
alter default privileges revoke execute on functions from public;
revoke execute on all functions in schema sec, q from public;
-- A plain GUC could be switched from inside one injected SELECT.
revoke execute on function pg_catalog.set_config(text, text, boolean) from public;
