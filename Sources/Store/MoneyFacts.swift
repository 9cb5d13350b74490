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
    /// What ``money(customers:now:)`` and ``holds(customers:now:)`` will ask, but for what is known of the invoices then.
    func moneyQuestions(_ customers: [ID<Customer>], now: Instant) -> [Ask] {
        [
            Ask("facts_invoices", tenantID, customers), Ask("facts_credit", tenantID, customers),
            Ask("facts_holds", tenantID, customers, now),
        ]
    }

    mutating func money(customers: [ID<Customer>], now: Instant) throws(PostgresError) -> MoneyFacts {
        var facts = MoneyFacts()
        let open = try rows("facts_invoices", tenantID, customers)
        let known = try invoiceFacts(
            of: try open.map { row throws(PostgresError) in try row("invoice_id") }, customers: customers, now: now)
        for row in open {
            let key = LedgerKey(
                customer: try row("customer_id"), brand: try row("brand_id"), currency: try row("currency"))
            let (id, total): (ID<Invoice>, Int64) = (try row("invoice_id"), try row("total"))
            let balance = known.balances[id] ?? 0
            let (others, pause) = (known.others[id], known.pauses[id])
            let invoice = OpenInvoice(
                id: id, number: try row("number"), issueDate: try row.optional("issue_date"),
                dueDate: try row.optional("due_date"), currency: key.currency, total: total, allocated: total - balance,
                inFlight: others?.inFlight ?? 0, inFlightUntil: others?.inFlightUntil,
                disputed: others?.disputed(of: balance) ?? 0, tolerance: known.tolerances[key.currency] ?? 0,
                heldUntil: pause?.until, isPromised: pause?.isPromised ?? false)
            facts.invoices[key, default: []] += invoice.instalments(known.terms[id] ?? [])
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
