import Support
import Testing

@Suite(.database) struct CatalogueTests {
    private struct Planted: CustomTestStringConvertible {
        let rule: String
        let change: String
        var testDescription: String { rule }
    }

    private static func rules(in database: TestDatabase) async throws -> [String] {
        try await database.admin(CatalogueLint.findings).map { "\($0[0] ?? ""): \($0[1] ?? "")" }
    }

    @Test func `the schema keeps every rule`() async throws {
        let database = try TestDatabase.current()
        #expect(try await Self.rules(in: database) == [])
        let tables = try await database.number(
            """
            select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('public', 'q') and c.relkind = 'r' and c.relrowsecurity
            """)
        #expect(tables >= 30)
        print("catalogue: \(tables) tenant tables, all with row security")
    }

    @Test func `the five roles are there`() async throws {
        let roles = try await TestDatabase.current().admin(
            "select rolname from pg_roles where rolname in ('recoup_api', 'recoup_worker', 'recoup_bulk', 'recoup_dispatch', "
                + "'recoup_metrics')")
        #expect(roles.count == 5)
    }

    @Test func `exempt tables are there, so none is exempt in vain`() async throws {
        let names = CatalogueLint.exemptTables.map { "'\($0)'" }.joined(separator: ", ")
        let found = try await TestDatabase.current().number(
            "select count(*) from pg_class where relkind = 'r' and relname in (\(names))")
        #expect(found == CatalogueLint.exemptTables.count)
    }

    @Test func `every planted fault is found`() async throws {
        try await TestDatabase.with { twin in
            for planted in Self.planted {
                // Undone at once, so that each is found by its own rule.
                let rows = try await twin.admin("begin; \(planted.change); \(CatalogueLint.findings)")
                #expect(rows.contains { $0[0] == planted.rule }, "\(planted.rule): \(rows)")
            }
            #expect(try await Self.rules(in: twin) == [])
        }
        print("catalogue: \(Self.planted.count) planted faults, all found")
    }

    private static let planted: [Planted] = [
        Planted(rule: "no tenant_id", change: "create table stray (id uuid primary key)"),
        Planted(
            rule: "tenant_id may be null",
            change: "create table stray (id uuid primary key, tenant_id uuid); select sec.protect('stray')"),
        Planted(
            rule: "statistics of tenant_id", change: "alter table invoice alter column tenant_id set statistics 100"),
        Planted(rule: "row security not enabled and forced", change: "alter table invoice no force row level security"),
        Planted(rule: "no policy of its own", change: "drop policy tenant on invoice"),
        Planted(rule: "staging table open to others", change: "grant select on import_row to recoup_worker"),
        Planted(
            rule: "no policy of its own",
            change: "create table stray (tenant_id uuid not null, id uuid, primary key (tenant_id, id))"),
        Planted(
            rule: "policy of another form",
            change: "create policy open on invoice for select to recoup_api using (true)"),
        Planted(rule: "no primary key", change: "alter table audit_event drop constraint audit_event_pk"),
        Planted(
            rule: "unique without tenant_id first",
            change: "alter table api_key add constraint api_key_secret_key unique (secret_hash)"),
        Planted(
            rule: "reference without tenant_id first",
            change:
                "create table stray (tenant_id uuid not null, id uuid not null, singleton boolean references instance, "
                + "primary key (tenant_id, id)); select sec.protect('stray')"),
        Planted(
            rule: "trigger",
            change: "create function loud() returns trigger language plpgsql as 'begin return new; end'; "
                + "create trigger loud before insert on task for each row execute function loud()"),
        Planted(
            rule: "type that is not leakproof",
            change: "create type mood as enum ('good'); alter table customer add column mood mood"),
        Planted(rule: "type that is not leakproof", change: "alter table invoice add column tax numeric"),
        Planted(
            rule: "identity column",
            change: "alter table task add column number bigint generated always as identity"),
        Planted(
            rule: "forbids plans and compiles",
            change:
                "create function q.slow(p_tenant uuid) returns void language plpgsql set enable_nestloop = off as 'begin end'"
        ),
        Planted(rule: "view, sequence or other relation", change: "create view all_invoices as select * from invoice"),
        Planted(
            rule: "security definer",
            change:
                "create function sec.peek() returns bigint language sql security definer as 'select count(*) from invoice'"
        ),
        Planted(
            rule: "executable by everybody",
            change: "create function sec.peek() returns bigint language sql as 'select 1::bigint'; "
                + "grant execute on function sec.peek() to public"),
        Planted(
            rule: "role that may switch tenants inside a select",
            change: "grant execute on function pg_catalog.set_config(text, text, boolean) to public"),
        Planted(rule: "role that owns something", change: "alter table task owner to recoup_api"),
        Planted(rule: "role that may make objects", change: "grant create on schema public to recoup_api"),
        Planted(
            rule: "role that may empty a table or set triggers", change: "grant truncate on invoice to recoup_worker"),
        Planted(rule: "table open to everybody", change: "grant select on customer to public"),
    ]
}
