import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import Queue
import Store
import Synchronization

/// Companies whose customers all have a reminder due, made by the product's own operations: imported, activated, planned,
/// staged.
struct DueTenants {
    struct Company: Sendable {
        let tenant: UUID
        let lane: UUID
    }

    let pools: BenchPools
    let folder: URL
    /// Where their mail goes: a sandbox of the operator, on loopback.
    let port: Int
    let sessions: Int
    /// Of the brand, and so of its customers.
    var zone = "America/New_York"

    /// A Tuesday noon in New York: all windows are open.
    static let now = Instant(rfc3339: "2026-11-24T17:00:00Z")!
    static let secrets = SecretBox(key: Array(repeating: 7, count: 32))

    /// Sets the product's clock to what the companies take for now.
    static func setClock(of server: ThrowawayServer) throws {
        let ahead = now.microseconds(since: Instant(microseconds: Clock.system()))
        try server.psql("clock_at", ["microseconds": "\(ahead)"])
    }

    /// One message for each customer.
    func make(_ count: Int, reminders: Int, round: Int) async throws -> [Company] {
        var companies: [Company] = []
        for number in 0..<count {
            let context = Context(tenant: .make(at: Self.now), actor: "bench", now: Self.now)
            let lane = try await settle("Round \(round) company \(number)", context)
            try await owe(reminders, context)
            try await plan(context)
            try await stage(context.tenant.uuid, lane)
            companies.append(Company(tenant: context.tenant.uuid, lane: lane))
        }
        return companies
    }

    private func settle(_ name: String, _ context: Context) async throws -> UUID {
        let (port, sessions, zone) = (port, sessions, zone)
        return try await pools.api.write(as: .tenant(context.tenant.uuid)) { tx in
            _ = try CreateTenant(name: name).run(in: &tx, context)
            let gateway = try CreateGateway(
                name: "Sink", host: "127.0.0.1", port: port, tls: .none, ehloName: "bench.example", sessions: sessions
            ).run(in: &tx, context, checks: GatewayChecks { _, _ in true }, secrets: Self.secrets)
            guard let zone = Zone(zone) else { throw Complaint("there is no zone \(zone)") }
            _ = try CreateBrand(
                name: name, address: "18 Mill Street", fromAddress: try EmailAddress("billing@bench.example"),
                zone: zone, gateway: gateway.id
            ).run(in: &tx, context)
            return gateway.id.uuid
        }
    }

    private func owe(_ count: Int, _ context: Context) async throws {
        let file = folder.appending(path: "due.csv")
        let rows = (0..<count).map { "c\($0),R-\(1_000 + $0),\(10 + $0 / 100).\(10 + $0 % 90)" }
        try Data((["customer,invoice,amount"] + rows).joined(separator: "\n").utf8).write(to: file)
        let id = try await ReceiveImport(.given(try ImportMapping(json: Self.mapping)), policy: .firstStage)
            .run(FileChunks(contentsOf: file), on: pools.bulk, context)
        guard try await RunImport(id).run(on: pools.bulk, context: { context }) == .ended(.done) else {
            throw Complaint("the benchmark's own ledger was not taken")
        }
    }

    private static let mapping = """
        {"format": "csv", "date_format": "yyyy-MM-dd", "decimal": ".", "fields": {
            "customer.external_id": {"column": "customer"}, "customer.name": {"pattern": "Customer {customer}"},
            "contact.email": {"pattern": "{customer}@debtor.example"},
            "invoice.external_id": {"column": "invoice"}, "invoice.number": {"column": "invoice"},
            "invoice.due_date": {"constant": "2026-11-10"}, "invoice.amount": {"column": "amount"},
            "invoice.currency": {"constant": "USD"}}}
        """

    private func plan(_ context: Context) async throws {
        try await pools.api.write(as: .tenant(context.tenant.uuid)) { tx in
            guard case .preview(let preview) = try Activate(policy: .firstStage).run(in: &tx, context),
                case .activated = try Activate(policy: .firstStage, confirmation: preview.confirmation).run(
                    in: &tx, context)
            else { throw Complaint("the benchmark's own company could not be activated") }
        }
        while try await pools.work.write(
            as: .tenant(context.tenant.uuid), { tx in try PlanCases.drain(limit: 200, in: &tx, context).customers }) > 0
        {}
    }

    private func stage(_ tenant: UUID, _ lane: UUID) async throws {
        let queue = DueQueue(dispatch: pools.dispatch, work: pools.work)
        let now = Timestamp(microseconds: Self.now.microseconds)
        while try await queue.stage(tenant: tenant, lane: lane, now: now, limit: 1_000) > 0 {}
    }
}
