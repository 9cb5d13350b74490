import Dunning
package import Postgres
import Queue
import Store

/// Deletes what nobody works with any more: tries on the wire, steps of closed cases and steps passed over, and events told
/// long ago. What was said and what was booked stays: messages, the ledger and the audit trail are records.
package enum PruneFinished {
    /// How long a simulation can be looked at.
    private static let simulationDays = 30
    /// Rows looked at in one transaction.
    private static let portion = 5_000

    /// Queues the tenant's pruning; one already there stays one.
    package static func queue(in tx: inout Transaction, _ context: Context) throws {
        try tx.enqueue([
            NewDue(
                kind: .prune, ref: TenantJob.prune.ref(of: tx.tenantID), lane: try tx.lane(.upkeep), runAt: context.now)
        ])
    }

    /// One portion; false when nothing older is left.
    package static func step(keeping days: Int, in tx: inout Transaction, _ context: Context) throws -> Bool {
        let cutoff = context.now.adding(days: -days)
        if try tx.pruneAttempts(before: cutoff, limit: portion) > 0 { return true }
        let old = context.now.adding(days: -min(days, simulationDays))
        if try tx.pruneSimulations(before: old, limit: portion) > 0 { return true }
        if try tx.pruneSteps(before: cutoff, limit: portion) > 0 { return true }
        return try tx.pruneEvents(before: cutoff, limit: portion) > 0
    }
}
