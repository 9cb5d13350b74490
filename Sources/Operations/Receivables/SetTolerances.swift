package import Dunning
package import Postgres
import Store

/// Says what is too little to ask for, by currency; currencies not named have none.
///
/// The gate knows them at once. Cases are planned anew by the drain, some customers to a transaction, so that no lock is held
/// for long.
package struct SetTolerances: Sendable {
    let amounts: [Money]

    static let portion = 500

    package init(_ amounts: [Money]) throws(Rejection) {
        guard Set(amounts.map(\.currency)).count == amounts.count else {
            throw .invalid("/tolerances", "duplicate", "name each currency once")
        }
        for (index, amount) in amounts.enumerated() where amount.minor < 0 {
            throw .invalid("/tolerances/\(index)/amount", "negative", "must not be less than nothing")
        }
        self.amounts = amounts
    }

    package func run(on database: Database, _ context: Context) async throws -> [Money] {
        let scope = Scope.tenant(context.tenant.uuid)
        let changed = try await database.write(as: scope) { tx in try replace(in: &tx, context) }
        guard !changed.isEmpty else { return amounts.sorted { $0.currency.code < $1.currency.code } }
        var last: ID<Customer>?
        repeat {
            let after = last
            last = try await database.write(as: scope) { tx in
                let customers = try tx.customers(owing: changed, after: after, count: Self.portion)
                guard let next = customers.last else { return nil }
                try PlanCases.markDirty(customers: customers, entry: .firstStage, in: &tx, context)
                return next
            }
        } while last != nil
        return amounts.sorted { $0.currency.code < $1.currency.code }
    }

    /// Currencies for which something has changed.
    private func replace(in tx: inout Transaction, _ context: Context) throws -> [Currency] {
        let old = Dictionary(uniqueKeysWithValues: try tx.tolerances().map { ($0.currency, $0.minor) })
        let new = Dictionary(uniqueKeysWithValues: amounts.map { ($0.currency, $0.minor) })
        let changed = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
        guard !changed.isEmpty else { return [] }
        try tx.replaceTolerances(by: amounts)
        try tx.audit(
            context, action: "tolerances.changed", subject: context.tenant.uuid,
            detail: Dictionary(uniqueKeysWithValues: amounts.map { ($0.currency.code, $0.decimal) }))
        return changed.sorted { $0.code < $1.code }
    }
}
