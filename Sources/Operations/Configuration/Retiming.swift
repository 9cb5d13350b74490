import Dunning
import Postgres
import Store

/// Rules of brands changed that decide when something is due, or by which way: their cases are planned anew by the
/// drain.
enum Retiming {
    /// The last act of the transaction that changed the rules. Holds the locks of all open cases of the brands until it
    /// commits.
    static func plan(brands: [ID<Brand>], in tx: inout Transaction, _ context: Context) throws {
        guard !brands.isEmpty, try tx.markDirty(brands: brands) > 0 else { return }
        try PlanCases.queueDrain(in: &tx, context)
    }
}
