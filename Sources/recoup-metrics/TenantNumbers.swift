import Dunning
import Host
import Logging
import Operations
import Postgres
import Store
import Synchronization

/// Every tenant's numbers, one tenant after the other, each in a transaction of its own. What was read is shown again for a
/// while: scrapers come often, numbers by day change seldom.
final class TenantNumbers: Sendable {
    static let age = Duration.seconds(30)

    private struct Shown {
        let text: String
        let at: ContinuousClock.Instant
    }

    private let database: Database
    private let clock: Clock
    private let logger: Logger
    private let shown = Mutex<Shown?>(nil)

    init(database: Database, clock: Clock, logger: Logger) {
        self.database = database
        self.clock = clock
        self.logger = logger
    }

    /// - Parameter query: `from` and `to`, days of a period in the past; nil for any other.
    func text(_ query: [String: String]) async -> String? {
        guard query.keys.allSatisfy(["from", "to"].contains) else { return nil }
        let (from, to) = (query["from"].map { Day($0) }, query["to"].map { Day($0) })
        guard from != .some(nil), to != .some(nil) else { return nil }
        let isPlain = query.isEmpty
        if isPlain, let shown = shown.withLock({ $0 }), ContinuousClock.now - shown.at < Self.age { return shown.text }
        do {
            let text = try await read(ReadSamples(from: from ?? nil, to: to ?? nil))
            if isPlain { shown.withLock { $0 = Shown(text: text, at: .now) } }
            return text
        } catch is Rejection {
            return nil
        } catch {
            logger.warning("numbers of tenants could not be read", metadata: ["error": "\(error)"])
            return ""
        }
    }

    private func read(_ read: ReadSamples) async throws -> String {
        let now = Instant(microseconds: clock.microseconds())
        var families: [SampleFamily] = []
        var last: ID<Tenant>?
        while true {
            let page = Page<Tenant>(before: last, count: 500)
            let tenants = try await database.read(as: .none) { tx in try tx.everyTenant(page) }
            for tenant in tenants {
                let context = Context(tenant: tenant.id, actor: "metrics", now: now)
                families += try await database.read(as: .tenant(tenant.id.uuid)) { tx in
                    try read.run(in: &tx, context).map { $0.labelled(tenant: tenant.id) }
                }
            }
            last = tenants.last?.id
            if tenants.count < page.count { break }
        }
        let registry = Registry()
        for family in SampleFamily.merged(families) {
            registry.gauge(family.name, help: family.help, labels: family.labels, showing: family.values)
        }
        return registry.render()
    }
}
