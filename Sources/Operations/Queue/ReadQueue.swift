package import Dunning
package import Postgres
package import Store

/// The queue as operators see it: lanes, workers, dead letters, and messages nobody knows the outcome of.
package struct ReadQueue: Sendable {
    /// The most lanes and dead letters shown.
    package static let most = 200

    package struct Reading: Sendable {
        package let at: Instant
        /// Why nothing is sent at all.
        package let hold: String?
        package let lanes: [LaneRecord]
        package let workers: [WorkerRecord]
        package let dead: [DeadLetter]
        package let unknown: [(tenant: ID<Tenant>, messages: Int, oldest: Instant)]
    }

    let tenant: ID<Tenant>?

    /// - Parameter tenant: nil for all of them.
    package init(of tenant: ID<Tenant>? = nil) { self.tenant = tenant }

    /// As the dispatch role, in a transaction without a tenant.
    package func run(in tx: inout Transaction, at now: Instant) throws(PostgresError) -> Reading {
        Reading(
            at: now, hold: try tx.holdReason(), lanes: try tx.lanes(of: tenant, at: now, count: Self.most),
            workers: try tx.workers(), dead: try tx.deadLetters(of: tenant, count: Self.most),
            unknown: try tx.unknownCounts(of: tenant))
    }
}
