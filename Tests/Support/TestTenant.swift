package import Dunning
import Foundation
package import Operations
package import Postgres
package import Store

/// A tenant set up as a person would: a brand in New York that keeps US federal holidays, a sandbox gateway, and a workflow of
/// three letters: friendly on day 3, firm on day 14, final on day 30, a week apart at least.
package struct TestTenant: Sendable {
    /// Tuesday, 24 November 2026, noon in New York: inside the window, after the hours over which messages are spread.
    package static let now = Instant(rfc3339: "2026-11-24T17:00:00Z")!
    package static let today = Day("2026-11-24")!
    package static let zone = Zone("America/New_York")!
    package static let dollar = Currency("USD")!
    package static let sandbox = (host: "127.0.0.1", port: 2_525)
    package static let secrets = SecretBox(key: (0..<32).map { UInt8($0) })

    package let database: TestDatabase
    package let id: ID<Tenant>
    package let gateway: ID<Gateway>
    package let calendar: ID<Dunning.Calendar>
    package let workflow: ID<Workflow>
    package let brand: ID<Brand>

    /// - Parameter isLive: else it stays in shadow, as new tenants do.
    package static func make(
        in database: TestDatabase, named name: String = "Acme", isLive: Bool = true, at now: Instant = TestTenant.now
    ) async throws -> TestTenant {
        let id = ID<Tenant>.make(at: now)
        let context = Context(tenant: id, actor: "test", now: now)
        return try await database.database(.api).write(as: .tenant(id.uuid)) { tx in
            _ = try CreateTenant(name: name).run(in: &tx, context)
            guard let calendar = try tx.calendars(Page(count: 1)).first else {
                throw TestServer.Unusable("a new tenant has no calendar")
            }
            let gateway = try CreateGateway(
                name: "Sandbox", host: sandbox.host, port: sandbox.port, tls: .none, username: "acme",
                password: "letmein"
            ).run(
                in: &tx, context, checks: GatewayChecks { $0 == sandbox.host && $1 == sandbox.port }, secrets: secrets)
            let workflow = try publishLadder(in: &tx, context)
            let brand = try newBrand(
                "Acme", calendar: calendar.id, gateway: gateway.id, workflow: workflow, in: &tx, context)
            if isLive { try tx.goLive(at: now) }
            return TestTenant(
                database: database, id: id, gateway: gateway.id, calendar: calendar.id, workflow: workflow, brand: brand
            )
        }
    }

    private static func publishLadder(in tx: inout Transaction, _ context: Context) throws -> ID<Workflow> {
        var steps: [Step] = []
        for letter in [DefaultTemplate.friendly, .firm, .final] {
            let template = try SaveTemplate(.new(name: "\(letter.name) of the ladder"), source: letter.source)
                .run(in: &tx, context).record
            steps.append(
                Step(
                    key: letter.key, kind: .email, timing: .afterDue(letter.day), template: template.id,
                    tier: letter == .final ? .final : .reminder))
        }
        return try PublishWorkflow(.new(name: "Ladder"), steps: try WorkflowSteps(steps)).run(in: &tx, context).id
    }

    private static func newBrand(
        _ name: String, calendar: ID<Dunning.Calendar>, gateway: ID<Gateway>, workflow: ID<Workflow>,
        in tx: inout Transaction, _ context: Context
    ) throws -> ID<Brand> {
        try CreateBrand(
            name: name, legalName: "\(name) Supply Company, Inc.", address: "18 Mill Street\nHudson, NY 12534",
            fromAddress: try EmailAddress("billing@\(name.lowercased()).example"), zone: zone, calendar: calendar,
            gateway: gateway, workflow: workflow
        ).run(in: &tx, context).id
    }

    /// Another brand beside the first, with the same gateway, calendar and workflow.
    package func addBrand(_ name: String) async throws -> ID<Brand> {
        let tenant = self
        return try await write { tx, context in
            try Self.newBrand(
                name, calendar: tenant.calendar, gateway: tenant.gateway, workflow: tenant.workflow, in: &tx, context)
        }
    }
}

extension TestTenant {
    package func context(at now: Instant = TestTenant.now) -> Context { Context(tenant: id, actor: "test", now: now) }

    /// One transaction of this tenant.
    @discardableResult
    package func write<R: Sendable>(
        as role: TestDatabase.Role = .api, at now: Instant = TestTenant.now,
        _ body: @escaping @Sendable (inout Transaction, Context) throws -> R
    ) async throws -> R {
        let context = context(at: now)
        return try await database.database(role).write(as: .tenant(id.uuid)) { tx in try body(&tx, context) }
    }

    /// One read-only transaction of this tenant.
    package func read<R: Sendable>(
        as role: TestDatabase.Role = .api, at now: Instant = TestTenant.now,
        _ body: @escaping @Sendable (inout Transaction, Context) throws -> R
    ) async throws -> R {
        let context = context(at: now)
        return try await database.database(role).read(as: .tenant(id.uuid)) { tx in try body(&tx, context) }
    }

    /// Waits for an upload, and does with it what a worker does.
    package func workNextImport() async throws {
        for _ in 0..<600 {
            let waiting = try await read(as: .bulk) { tx, _ in
                try tx.imports(Page(count: 10)).first { $0.state == .received }?.id
            }
            guard let waiting else {
                try await Task.sleep(for: .milliseconds(50))
                continue
            }
            let context = context()
            _ = try await RunImport(waiting).run(on: try database.database(.bulk)) { context }
            return
        }
        throw TestServer.Unusable("no import came")
    }

    /// All that was told to the outside so far. An event can be read when no older transaction of the server is open, and other
    /// tests have some.
    package func told(after place: EventPlace = .start) async throws -> [EventRecord] {
        let written = try await count(
            "event where tenant_id = $t and (turn, event_id) > (\(place.turn), '\(place.event.uuid)')")
        for _ in 0..<600 {
            let events = try await read { tx, _ in try tx.events(after: place, count: 1_000) }
            if events.count >= written { return events }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw TestServer.Unusable("an event was never shown")
    }

    /// A count over this tenant's rows, by the superuser: `from` is what follows `select count(*) from`, and `$t` its id.
    package func count(_ from: String) async throws -> Int {
        try await database.number("select count(*) from \(spelled(from))")
    }

    /// A value of this tenant's rows, by the superuser.
    package func value(_ select: String) async throws -> String? { try await database.value(spelled(select)) }

    /// Rows of this tenant, by the superuser.
    @discardableResult
    package func admin(_ text: String) async throws -> [[String?]] { try await database.admin(spelled(text)) }

    private func spelled(_ text: String) -> String {
        text.replacingOccurrences(of: "$t", with: "'\(id.uuid.uuidString)'")
    }
}
