import Dunning
import Postgres
import Store

/// What a file would bring into dunning: it decides how its cases enter where nobody chose.
struct ImportStanding: Sendable {
    private struct Debt: Sendable {
        let invoice: String
        let customer: String
        let daysOverdue: Int
    }

    private let debts: [Debt]
    private let brand: ImportBrand
    private static let batch = 5_000

    init(_ file: LedgerFile, brand: ImportBrand, today: Day) {
        self.brand = brand
        var paid: [String: Int64] = [:]
        for row in file.customers.joined() {
            if let payment = row.payment, let invoice = payment.invoice {
                paid[invoice, default: 0] += payment.amount.minor
            }
        }
        var debts: [String: Debt] = [:]
        for row in file.customers.joined() {
            guard let invoice = row.invoice, let due = invoice.dueDate, today > due.adding(brand.graceDays),
                paid[invoice.externalID, default: 0] < invoice.total.minor
            else { continue }
            debts[invoice.externalID] = Debt(
                invoice: invoice.externalID, customer: invoice.customer, daysOverdue: due.distance(to: today))
        }
        self.debts = debts.values.sorted { $0.invoice < $1.invoice }
    }

    /// Counts customers that are not in dunning yet and would be by invoices that are not stored yet.
    func policy(in tx: inout Transaction) throws -> EntryPolicy {
        var fresh: [Debt] = []
        var rest = debts[...]
        while !rest.isEmpty {
            let some = rest.prefix(Self.batch)
            let known = try tx.knownInvoices(some.map(\.invoice))
            fresh += some.filter { known[$0.invoice] == nil }
            rest = rest.dropFirst(Self.batch)
        }
        var customers = Array(Set(fresh.map(\.customer)))[...]
        var inDunning: Set<String> = []
        while !customers.isEmpty {
            let known = try tx.knownCustomers(Array(customers.prefix(Self.batch)), at: brand.id)
            inDunning.formUnion(known.filter { $0.value.hasCase }.keys)
            customers = customers.dropFirst(Self.batch)
        }
        let entering = fresh.filter { !inDunning.contains($0.customer) }
        return .standard(
            customers: Set(entering.map(\.customer)).count, oldestDaysOverdue: entering.map(\.daysOverdue).max() ?? 0)
    }
}
