import Dunning
import Postgres

/// Open invoices and unapplied credit.
struct MoneyFacts {
    var invoices: [LedgerKey: [OpenInvoice]] = [:]
    var credit: [LedgerKey: Int64] = [:]
}

/// A hold above single invoices, with what it covers.
struct ScopedHold {
    let hold: ActiveHold
    let brand: ID<Brand>?
    let customer: ID<Customer>?

    func applies(to state: CaseState) -> Bool {
        switch hold.scope {
        case .tenant: true
        case .brand: brand == state.brand
        case .customer: customer == state.customer
        case .invoice: false
        }
    }
}

extension Transaction {
    mutating func money(customers: [ID<Customer>], now: Instant) throws(PostgresError) -> MoneyFacts {
        var facts = MoneyFacts()
        for row in try rows("facts_invoices", tenantID, customers, now) {
            let key = LedgerKey(
                customer: try row("customer_id"), brand: try row("brand_id"), currency: try row("currency"))
            let isHeld: Bool = try row("held")
            let heldUntil: Instant? = try row.optional("held_until")
            let (total, balance): (Int64, Int64) = (try row("total"), try row("balance"))
            let invoice = OpenInvoice(
                id: try row("invoice_id"), number: try row("number"), issueDate: try row.optional("issue_date"),
                dueDate: try row.optional("due_date"), currency: key.currency, total: total, allocated: total - balance,
                inFlight: try row("in_flight"), inFlightUntil: try row.optional("in_flight_until"),
                disputed: try row("disputed"), tolerance: try row("tolerance"),
                heldUntil: isHeld ? heldUntil ?? ActiveHold.forever : nil, isPromised: try row("promised"))
            let (dues, amounts): ([String], [Int64]) = (try row("term_dues"), try row("term_amounts"))
            facts.invoices[key, default: []] += invoice.instalments(
                zip(dues, amounts).map { Instalment(dueDate: Day($0), amount: $1) })
        }
        for key in facts.invoices.keys {
            facts.invoices[key]?.sort {
                let left = $0.dueDate ?? Day(number: .max), right = $1.dueDate ?? Day(number: .max)
                if left != right { return left < right }
                return $0.collectable != $1.collectable ? $0.collectable > $1.collectable : $0.id < $1.id
            }
        }
        for row in try rows("facts_credit", tenantID, customers) {
            let key = LedgerKey(
                customer: try row("customer_id"), brand: try row("brand_id"), currency: try row("currency"))
            facts.credit[key] = try row("credit")
        }
        return facts
    }

    mutating func holds(customers: [ID<Customer>], now: Instant) throws(PostgresError) -> [ScopedHold] {
        var holds: [ScopedHold] = []
        for row in try rows("facts_holds", tenantID, customers, now) {
            let hold = ActiveHold(
                id: try row("hold_id"), scope: try row("scope"), reason: try row("reason"),
                until: try row.optional("until_at"))
            holds.append(
                ScopedHold(hold: hold, brand: try row.optional("brand_id"), customer: try row.optional("customer_id")))
        }
        return holds
    }
}
