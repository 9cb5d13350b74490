import Dunning
import Operations
import Postgres
import Store
import Support
import Testing

@Suite(.database) struct TenantIsolationTests {
    private static func twoTenants(in database: TestDatabase) async throws -> (TestTenant, TestTenant) {
        let first = try await TestTenant.make(in: database, named: "Acme")
        let second = try await TestTenant.make(in: database, named: "Borealis")
        try await EveryTable.fill(first)
        try await EveryTable.fill(second)
        return (first, second)
    }

    @Test func `no role reaches another tenant, in any table, in any way`() async throws {
        try await TestDatabase.with { database in
            let (first, second) = try await Self.twoTenants(in: database)
            let probe = IsolationProbe(database: database, own: first.id, other: second.id)
            for (role, most) in [(TestDatabase.Role.api, 200), (.worker, 140), (.bulk, 200)] {
                let result = try await probe.run(as: role)
                #expect(result.leaks == [])
                // Else the probe would prove only that nothing is granted.
                #expect(result.probes >= most)
                print(
                    "isolation as \(role): \(result.probes) probes, \(result.denials) not granted, \(result.leaks.count) leaks"
                )
            }
        }
    }

    @Test func `roles that look across tenants change nothing and read no personal data`() async throws {
        let database = try TestDatabase.current()
        let tenant = try await TestTenant.make(in: database)
        try await EveryTable.fill(tenant)
        let personal = [
            "customer", "contact", "message_line", "invoice", "payment", "api_key", "brand", "task", "audit_event",
        ]
        for role in [TestDatabase.Role.dispatch, .metrics] {
            for table in personal {
                // Of these two the metrics program reads ids, days and amounts; a row as a whole is denied.
                let isCounted = role == .metrics && ["message_line", "payment"].contains(table)
                await #expect(throws: (any Error).self, "\(role) reads \(table)") {
                    try await database.run("select \(isCounted ? "t" : "count(*)") from \(table) t", as: role)
                }
            }
            for column in ["external_id", "request", "answer", "method"] {
                await #expect(throws: (any Error).self, "\(role) reads payment.\(column)") {
                    try await database.run("select \(column) from payment", as: role)
                }
            }
            for column in ["address", "subject", "text_body", "bytes"] {
                await #expect(throws: (any Error).self, "\(role) reads message.\(column)") {
                    try await database.run("select \(column) from message", as: role)
                }
            }
            for table in ["tenant", "q.lane", "q.due", "step_run", "enrolment", "message"] {
                await #expect(throws: (any Error).self, "\(role) deletes from \(table)") {
                    try await database.run("delete from \(table)", as: role)
                }
            }
        }
        #expect(try await database.run("select count(*) > 0 from q.due", as: .dispatch) == [["t"]])
        #expect(try await database.run("select count(*) > 0 from tenant", as: .metrics) == [["t"]])
    }

    @Test func `a row that points into another tenant is refused`() async throws {
        let database = try TestDatabase.current()
        let (own, other) = (try await TestTenant.make(in: database), try await TestTenant.make(in: database))
        let theirs = try await other.customer()
        let error = await #expect(throws: Rejection.self) {
            try await own.write { tx, context in
                _ = try AddContact(to: theirs, name: "Nobody", email: nil).run(in: &tx, context)
            }
        }
        #expect(error == .notFound("customer"))
        let contact = ContactRecord(
            id: .make(at: TestTenant.now), customer: theirs, role: .billing, name: "Nobody", email: nil, zone: nil,
            hasOptedOut: false, at: TestTenant.now)
        let refusal = await #expect(throws: PostgresError.self) {
            try await own.write { tx, _ in try tx.insert(contact) }
        }
        #expect(refusal?.sqlState == "23503")
    }

    @Test(arguments: [
        "alter table invoice disable row level security",
        "drop policy tenant on message; create policy tenant on message using (true)",
        "drop policy tenant on customer",
        "alter table q.due disable row level security",
        "create policy open on payment for select using (true)",
        "drop policy tenant on hold; create policy tenant on hold using (tenant_id = sec.tenant()) with check (true)",
    ])
    func `a weakened table is caught`(change: String) async throws {
        try await TestDatabase.with { twin in
            let (first, second) = try await Self.twoTenants(in: twin)
            try await twin.admin(change)
            let result = try await IsolationProbe(database: twin, own: first.id, other: second.id).run(as: .api)
            #expect(result.leaks != [])
        }
    }
}
