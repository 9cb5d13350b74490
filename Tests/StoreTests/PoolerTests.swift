import Dunning
import Logging
import Postgres
import Support
import Testing

/// pgbouncer lends a server connection for one transaction: what stayed in a session would be somebody else's.
@Suite struct `Through pgbouncer in transaction mode` {
    private static let queries = """
        -- name: seen() -> customers bigint, session bigint
        select (select count(*) from customer) as customers, pg_backend_pid()::bigint as session
        """

    private struct Sight: Sendable {
        let scope: Scope
        let customers: Int
        let session: Int
    }

    /// Many short transactions of three tenants and of nobody, from more connections than the server sees.
    private static func look(at database: TestDatabase, _ scopes: [Scope]) async throws -> [Sight] {
        let pooler = try #require(database.pooler)
        let pool = Database(
            DatabaseSettings(
                url: pooler.url, user: "recoup_api", password: pooler.password, connections: 12,
                waitLimit: .seconds(30)),
            catalogue: try Catalogue([queries]), logger: TestServer.quiet)
        var generator = SeededGenerator()
        print("seed \(generator.seed)")
        let order = (0..<400).map { _ in scopes[Int.random(in: 0..<scopes.count, using: &generator)] }
        let sights = try await withThrowingTaskGroup(of: Sight.self) { group in
            for scope in order {
                group.addTask {
                    try await pool.read(as: scope) { tx in
                        let row = try tx.row("seen")
                        return Sight(scope: scope, customers: try row("customers"), session: try row("session"))
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        await pool.stop()
        return sights
    }

    /// Tenants with one, two and three customers, and nobody: what each is to see.
    private static func population(of database: TestDatabase) async throws -> [Scope: Int] {
        var expected: [Scope: Int] = [.none: 0]
        for count in 1...3 {
            let tenant = try await TestTenant.make(in: database, named: "Tenant \(count)")
            for _ in 0..<count { _ = try await tenant.customer() }
            expected[.tenant(tenant.id.uuid)] = count
        }
        return expected
    }

    @Test func `a transaction sees its own tenant, whoever had the connection before`() async throws {
        try await TestDatabase.with(pooled: true) { database in
            let expected = try await Self.population(of: database)
            let sights = try await Self.look(at: database, Array(expected.keys))
            let strangers = sights.count { $0.customers != expected[$0.scope] }
            #expect(strangers == 0)
            let sessions = Dictionary(grouping: sights, by: \.session)
            let shared = sessions.values.count { Set($0.map(\.scope)).count > 1 }
            print("\(sights.count) transactions over \(sessions.count) sessions, \(shared) shared between tenants")
            #expect((1...4).contains(sessions.count))
            #expect(shared > 0)
        }
    }

    @Test func `a context that outlives its transaction is noticed`() async throws {
        try await TestDatabase.with(pooled: true) { database in
            let expected = try await Self.population(of: database)
            try await database.admin(
                """
                create or replace function sec.enter(p_tenant uuid) returns void
                    language plpgsql
                    as $$ begin execute format('set app.tenant_id = %L', p_tenant); end $$
                """)
            let sights = try await Self.look(at: database, Array(expected.keys))
            let leaks = sights.count { $0.customers != expected[$0.scope] }
            print("the twin showed \(leaks) transactions what is not theirs")
            #expect(leaks > 0)
        }
    }

    @Test(arguments: [
        (TestDatabase.Role.api, "lock_timeout", "2s"), (.api, "statement_timeout", "5s"),
        (.api, "idle_in_transaction_session_timeout", "15s"), (.worker, "statement_timeout", "30s"),
        (.worker, "jit", "off"),
        (.bulk, "work_mem", "64MB"),
    ])
    func `the limits of a login hold`(role: TestDatabase.Role, setting: String, value: String) async throws {
        try await TestDatabase.with(pooled: true) { database in
            let shown = try await database.run("show \(setting)", as: role)
            #expect(shown == [[value]])
        }
    }
}
