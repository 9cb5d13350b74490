package import Dunning
package import Postgres
import Store

/// Brings dead letters of a tenant back into the queue, before all that was planned.
package struct ReplayDead: Sendable {
    let ids: [ID<DueJob>]?

    /// - Parameter ids: nil for all of them.
    package init(_ ids: [ID<DueJob>]? = nil) { self.ids = ids }

    /// Returns those that were brought back.
    package func run(in tx: inout Transaction, _ context: Context) throws -> [ID<DueJob>] {
        guard try tx.tenantRecord() != nil else { throw Rejection.notFound("tenant") }
        let replayed = try tx.replay(ids, at: context.now)
        try tx.audit(
            context,
            replayed.map { AuditEntry(action: "queue.replayed", subject: $0.uuid) })
        return replayed
    }
}
