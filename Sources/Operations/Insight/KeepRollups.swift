import Dunning
import Foundation
package import Postgres
import Queue
import Store

/// Keeps a tenant's rollups: adds what was booked, and makes all of them anew when the tenant wants other aging edges or
/// somebody asks for it.
package enum KeepRollups {
    /// Deltas folded in one transaction.
    package static let portion = 5_000
    /// Invoices made anew in one statement: many, since the deltas of each portion are walked again by all later folds of the
    /// transaction.
    private static let invoices = 50_000

    /// Folds once, or makes all anew where the edges have changed; false when nothing was left to do.
    package static func step(in tx: inout Transaction, _ context: Context) throws -> Bool {
        let edges = try tx.agingEdges()
        guard edges.wanted == edges.made else {
            try makeAnew(in: &tx, context)
            return true
        }
        return try tx.foldReceivables(limit: portion)
    }

    /// Puts the tenant's folding into the queue, or draws it nearer. Its reference is the tenant's id with a bit turned, since
    /// the drain has the id itself.
    package static func queue(in tx: inout Transaction, _ context: Context) throws {
        var bytes = tx.tenantID.uuid
        bytes.15 ^= 1
        try tx.enqueue([
            NewDue(kind: .fold, ref: UUID(uuid: bytes), lane: try tx.lane(.upkeep), runAt: context.now)
        ])
    }

    /// All rollups from the entries, with the edges the tenant wants. Nobody books meanwhile.
    package static func makeAnew(in tx: inout Transaction, _ context: Context) throws {
        try tx.clearReceivables(edges: try tx.agingEdges().wanted)
        var invoice: ID<Invoice>?
        repeat {
            invoice = try tx.makeReceivables(after: invoice, limit: invoices, at: context.now)
            while try tx.foldReceivables(limit: portion) {}
        } while invoice != nil
        var entry: ID<LedgerEntry>?
        repeat {
            entry = try tx.makeCredits(after: entry, limit: invoices, at: context.now)
            while try tx.foldReceivables(limit: portion) {}
        } while entry != nil
    }
}
