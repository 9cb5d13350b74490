/// What the catalogue of a tenant-safe database must not show. Every row it returns is a finding: a rule, and the object that
/// breaks it.
enum CatalogueLint {
    /// Tables that belong to no tenant.
    static let exemptTables = ["instance", "periodic", "schema_function", "schema_migration", "worker"]
    /// Tables that COPY writes into, which row-level security forbids: rows carry their tenant, and only the bulk role may
    /// touch them.
    static let stagingTables = ["import_row"]

    static let findings = """
        with t as (
            select c.oid, n.nspname || '.' || c.relname as name, c.relname, c.relrowsecurity as rls,
                c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) as owner
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('public', 'q', 'sec') and c.relkind in ('r', 'p')
        ),
        tenant_table as (select t.*, t.oid::regclass::text as plain from t where t.relname not in (\(exempt))),
        tenant_column as (
            select a.attrelid, a.attnum, a.attnotnull, a.atttypid, a.attstattarget from pg_attribute a
            where a.attname = 'tenant_id' and not a.attisdropped
        ),
        role as (select r.* from pg_roles r where r.rolname like 'recoup\\_%')
        select 'no tenant_id' as rule, t.name as object from tenant_table t
        where not exists (select 1 from tenant_column a where a.attrelid = t.oid and a.atttypid = 'uuid'::regtype)
        union all
        select 'tenant_id may be null', t.name from tenant_table t join tenant_column a on a.attrelid = t.oid
        where not a.attnotnull
        union all
        select 'statistics of tenant_id', t.name from tenant_table t join tenant_column a on a.attrelid = t.oid
        where a.attstattarget <> 0
        union all
        select 'tenant_id in a table of nobody', t.name from t join tenant_column a on a.attrelid = t.oid
        where t.relname in (\(exempt))
        union all
        select 'row security not enabled and forced', t.name from tenant_table t
        where not (t.rls and t.forced) and t.relname not in (\(staging))
        union all
        select 'staging table open to others', t.name from t join pg_class c on c.oid = t.oid
        cross join lateral aclexplode(c.relacl) a
        where t.relname in (\(staging)) and a.grantee <> c.relowner
            and a.grantee <> (select r.oid from pg_roles r where r.rolname = 'recoup_bulk')
        union all
        select 'no policy of its own', t.name from tenant_table t
        where t.relname not in (\(staging)) and not exists (
            select 1 from pg_policy p
            where p.polrelid = t.oid and p.polname = 'tenant' and p.polcmd = '*' and p.polpermissive
                and p.polroles = array[0::oid])
        union all
        select 'policy of another form', t.name || ': ' || p.polname from tenant_table t join pg_policy p on p.polrelid = t.oid
        where not (p.polname = 'tenant'
                and pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = sec.tenant())'
                and pg_get_expr(p.polwithcheck, p.polrelid) = '(tenant_id = sec.tenant())')
            and not (p.polname in ('dispatch_read', 'metrics_read') and p.polcmd = 'r'
                and pg_get_expr(p.polqual, p.polrelid) = 'true'
                and p.polroles = array[(
                    select r.oid from pg_roles r where r.rolname = 'recoup_' || split_part(p.polname, '_', 1))])
        union all
        select 'no primary key', t.name from t
        where not exists (select 1 from pg_index i where i.indrelid = t.oid and i.indisprimary)
        union all
        select 'unique without tenant_id first', i.indexrelid::regclass::text
        from pg_index i join tenant_table t on t.oid = i.indrelid
        left join tenant_column a on a.attrelid = t.oid
        where i.indisunique and i.indkey[0] is distinct from a.attnum
        union all
        select 'reference without tenant_id first', k.conname || ' on ' || t.name
        from pg_constraint k join tenant_table t on t.oid = k.conrelid
        left join tenant_column a on a.attrelid = k.conrelid
        left join tenant_column b on b.attrelid = k.confrelid
        where k.contype = 'f'
            and (k.conkey[1] is distinct from a.attnum or k.confkey[1] is distinct from b.attnum)
        union all
        select 'reference from a table of nobody', k.conname from pg_constraint k join t on t.oid = k.conrelid
        where k.contype = 'f' and t.relname in (\(exempt))
        union all
        select 'trigger', g.tgname || ' on ' || t.name from pg_trigger g join t on t.oid = g.tgrelid where not g.tgisinternal
        union all
        select 'rule', w.rulename || ' on ' || t.name from pg_rewrite w join t on t.oid = w.ev_class
        union all
        select 'type that is not leakproof', t.name || '.' || a.attname || ' ' || format_type(a.atttypid, null)
        from pg_attribute a join t on t.oid = a.attrelid join pg_type y on y.oid = a.atttypid
        where a.attnum > 0 and not a.attisdropped
            and (y.typtype in ('e', 'd', 'c') or y.typname not in (
                'uuid', 'text', 'int8', 'int4', 'int2', '_int2', 'bool', 'date', 'timestamptz', 'jsonb', 'bytea'))
        union all
        select 'identity column', t.name || '.' || a.attname from pg_attribute a join t on t.oid = a.attrelid
        where a.attnum > 0 and a.attidentity <> ''
        union all
        select 'view, sequence or other relation', c.oid::regclass::text
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'q', 'sec') and c.relkind not in ('r', 'p', 'i', 'I', 't')
        union all
        select 'security definer', p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        -- Tables are analyzed by their owner only.
        where n.nspname in ('public', 'q', 'sec') and p.prosecdef and p.proname <> 'analyze_grown'
        union all
        select 'executable by everybody', p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('public', 'q', 'sec')
            and (p.proacl is null or exists (select 1 from aclexplode(p.proacl) a where a.grantee = 0))
        union all
        -- What is forbidden counts as dear, and what is dear is compiled each time it runs.
        select 'forbids plans and compiles', p.oid::regprocedure::text
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('public', 'q', 'sec') and p.proconfig::text like '%enable\\_%=off%'
            and not 'jit=off' = any (p.proconfig)
        union all
        select 'function with a parameter not in plpgsql', p.oid::regprocedure::text
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
        where n.nspname in ('public', 'q', 'sec') and p.pronargs > 0 and l.lanname <> 'plpgsql'
        union all
        select 'role with too much power', r.rolname from role r
        where r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolinherit
            or not r.rolcanlogin
        union all
        select 'role that is member of another', r.rolname || ' of ' || pg_get_userbyid(m.roleid)
        from role r join pg_auth_members m on m.member = r.oid
        union all
        select 'role that owns something', r.rolname from role r
        where exists (select 1 from pg_class c where c.relowner = r.oid)
            or exists (select 1 from pg_proc p where p.proowner = r.oid)
            or exists (select 1 from pg_namespace n where n.nspowner = r.oid)
            or exists (select 1 from pg_database d where d.datdba = r.oid)
        union all
        select 'role that may make objects', r.rolname || ' in ' || n.nspname from role r cross join pg_namespace n
        where n.nspname in ('public', 'q', 'sec') and has_schema_privilege(r.oid, n.oid, 'create')
        union all
        select 'role that may switch tenants inside a select', r.rolname from role r
        where has_function_privilege(r.oid, 'pg_catalog.set_config(text, text, boolean)', 'execute')
        union all
        select 'role that may empty a table or set triggers', r.rolname || ' on ' || t.name from role r cross join t
        where has_table_privilege(r.oid, t.oid, 'truncate') or has_table_privilege(r.oid, t.oid, 'trigger')
            or has_table_privilege(r.oid, t.oid, 'references')
        union all
        select 'table open to everybody', t.name from pg_class c join t on t.oid = c.oid
        where exists (select 1 from aclexplode(c.relacl) a where a.grantee = 0)
        union all
        select 'name too long', k.conname from pg_constraint k join t on t.oid = k.conrelid where length(k.conname) >= 50
        order by 1, 2
        """

    private static var staging: String { stagingTables.map { "'\($0)'" }.joined(separator: ", ") }
    private static var exempt: String { exemptTables.map { "'\($0)'" }.joined(separator: ", ") }
}
