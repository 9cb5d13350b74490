import Dunning
import Postgres

/// What is known of open invoices beside their own rows, by invoice.
struct InvoiceFacts {
    /// What of an invoice is not to be asked for though it is open.
    struct Others {
        var inFlight: Int64 = 0
        /// When the last of it expires.
        var inFlightUntil: Instant?
        private var dispute: Dispute?

        private enum Dispute {
            case whole
            case part(Int64)
        }

        mutating func addInFlight(_ amount: Int64, until: Instant) {
            inFlight += amount
            inFlightUntil = max(inFlightUntil ?? until, until)
        }

        mutating func addDispute(of amount: Int64?) { dispute = amount.map(Dispute.part) ?? .whole }

        /// The disputed part, of all that is open where no part is named.
        func disputed(of balance: Int64) -> Int64 {
            switch dispute {
            case nil: 0
            case .whole: max(balance, 0)
            case .part(let amount): amount
            }
        }
    }

    /// A hold on the invoice, a promise to pay it, or a plan: of several, what ends last.
    struct Pause {
        let until: Instant
        let isPromised: Bool
    }

    var balances: [ID<Invoice>: Int64] = [:]
    var tolerances: [Currency: Int64] = [:]
    var terms: [ID<Invoice>: [Instalment]] = [:]
    var others: [ID<Invoice>: Others] = [:]
    var pauses: [ID<Invoice>: Pause] = [:]
}

extension Transaction {
    /// - Parameter customers: whose the invoices are.
    mutating func invoiceFacts(
        of invoices: [ID<Invoice>], customers: [ID<Customer>], now: Instant
    ) throws(PostgresError) -> InvoiceFacts {
        var facts = InvoiceFacts()
        guard !invoices.isEmpty else { return facts }
        try foresee([
            Ask("facts_balances", tenantID, invoices), Ask("facts_tolerances", tenantID),
            Ask("facts_terms", tenantID, invoices), Ask("facts_open_to_others", tenantID, invoices, now),
            Ask("facts_pauses", tenantID, invoices, customers, now),
        ])
        for row in try rows("facts_balances", tenantID, invoices) {
            facts.balances[try row("invoice_id")] = try row("balance")
        }
        for row in try rows("facts_tolerances", tenantID) {
            facts.tolerances[try row("currency")] = try row("amount")
        }
        for row in try rows("facts_terms", tenantID, invoices) {
            facts.terms[try row("invoice_id"), default: []].append(
                Instalment(dueDate: try row.optional("due_date"), amount: try row("amount")))
        }
        for row in try rows("facts_open_to_others", tenantID, invoices, now) {
            let id: ID<Invoice> = try row("invoice_id")
            let isDisputed: Bool = try row("is_disputed")
            if isDisputed {
                facts.others[id, default: InvoiceFacts.Others()].addDispute(of: try row.optional("amount"))
            } else {
                facts.others[id, default: InvoiceFacts.Others()]
                    .addInFlight(try row("amount"), until: try row("until_at"))
            }
        }
        for row in try rows("facts_pauses", tenantID, invoices, customers, now) {
            let id: ID<Invoice> = try row("invoice_id")
            let pause = InvoiceFacts.Pause(
                until: try row.optional("until_at") ?? ActiveHold.forever, isPromised: try row("promised"))
            if let known = facts.pauses[id], known.until >= pause.until { continue }
            facts.pauses[id] = pause
        }
        return facts
    }
}
