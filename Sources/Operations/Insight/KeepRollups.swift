import Dunning
package import Postgres
import Queue
import Store

/// Keeps a tenant's rollups: adds what was booked, and makes all of them anew when the tenant wants other aging edges or
/// somebody asks for it.
package enum KeepRollups {
    /// Deltas folded in one transaction.
    package static let portion = 5_000
    /// Invoices made anew in one statement: many, since each looks through the whole ledger, and as few as end well within
    /// the worker's statement timeout.
    private static let invoices = 100_000
    /// Deltas folded together when all is made anew: a few hundred for each day of the ledger.
    private static let everything = 1_000_000

    /// Folds once, or makes all anew where the edges have changed; false when nothing was left to do.
    package static func step(in tx: inout Transaction, _ context: Context) throws -> Bool {
        let edges = try tx.agingEdges()
        guard edges.wanted == edges.made else {
            try makeAnew(in: &tx, context)
            return true
        }
        return try tx.foldReceivables(limit: portion)
    }

    /// Puts the tenant's folding into the queue, or draws it nearer.
    package static func queue(in tx: inout Transaction, _ context: Context) throws {
        try tx.enqueue([
            NewDue(
                kind: .fold, ref: TenantJob.fold.ref(of: tx.tenantID), lane: try tx.lane(.upkeep), runAt: context.now)
        ])
    }

    /// All rollups from the entries, with the edges the tenant wants. Nobody books meanwhile.
    package static func makeAnew(in tx: inout Transaction, _ context: Context) throws {
        try tx.clearReceivables(edges: try tx.agingEdges().wanted)
        var invoice: ID<Invoice>?
        repeat {
            invoice = try tx.makeReceivables(after: invoice, limit: invoices, at: context.now)
        } while invoice != nil
        var entry: ID<LedgerEntry>?
        repeat { entry = try tx.makeCredits(after: entry, limit: invoices, at: context.now) } while entry != nil
        // At the end and at once: a row written over by each portion would leave as many dead ones for every reader to walk
        // past.
        while try tx.foldReceivables(limit: everything) {}
    }
}
