package import Dunning
package import Postgres

/// A stored invoice of which a file says something else.
package struct StatedInvoice: Sendable {
    package let place: ImportPlace
    /// What is stored is newer.
    package let isOlder: Bool
    package let id: ID<Invoice>
    package let customer: ID<Customer>
    package let currency: Currency
    package let number: String
    package let issueDate: Day?
    package let dueDate: Day?
    package let total: Int64
    package let version: Int64
    package let claimedOpen: Int64?
    /// Instalments, as JSON.
    package let terms: JSONText?
    /// The total it had.
    package let had: Int64
    /// Whether what is asked for when has changed.
    package let saysTerms: Bool
    /// A list of open items had lacked it.
    package let wasAbsent: Bool
    /// Less is open of it than was, by what the source says.
    package let isPaid: Bool
}

/// A stored payment or credit note of which a file says something else.
package struct PaymentChange: Sendable {
    package let place: ImportPlace
    package let isOlder: Bool
    package let id: ID<Payment>
    package let kind: Movement.Kind
    package let customer: ID<Customer>
    package let currency: Currency
    package let amount: Int64
    package let valueDate: Day
    package let method: String
    package let version: Int64
    /// The invoice it is for now.
    package let invoice: String?
    /// Whether the ledger depends on what has changed.
    package let isMoney: Bool
}

/// What of a document stands on one account.
package struct BookedShare: Sendable {
    package let payment: ID<Payment>
    package let invoice: ID<Invoice>?
    package let key: LedgerKey
    package let amount: Int64
    package let valueDate: Day
}

extension Transaction {
    package mutating func invoiceChanges(_ job: ImportJob, _ range: ImportRange) throws(PostgresError)
        -> [StatedInvoice]
    {
        try rows("change_invoices", list: parameters(job, range, job.source)).map { row throws(PostgresError) in
            StatedInvoice(
                place: ImportPlace(slot: try row("slot"), seq: try row("seq")), isOlder: try row("is_older"),
                id: try row("invoice_id"), customer: try row("customer_id"), currency: try row("currency"),
                number: try row("number"), issueDate: try row.optional("issue_date"),
                dueDate: try row.optional("due_date"), total: try row("total"), version: try row("version"),
                claimedOpen: try row.optional("claimed_open"), terms: try row.optional("terms"), had: try row("had"),
                saysTerms: try row("says_terms"),
                wasAbsent: try row("was_absent"), isPaid: try row("is_paid"))
        }
    }

    package mutating func paymentChanges(_ job: ImportJob, _ range: ImportRange) throws(PostgresError)
        -> [PaymentChange]
    {
        try rows("change_payments", list: parameters(job, range, job.source)).map { row throws(PostgresError) in
            PaymentChange(
                place: ImportPlace(slot: try row("slot"), seq: try row("seq")), isOlder: try row("is_older"),
                id: try row("payment_id"), kind: try row("kind"), customer: try row("customer_id"),
                currency: try row("currency"), amount: try row("paid"), valueDate: try row("value_date"),
                method: try row("method"), version: try row("version"), invoice: try row.optional("payment_invoice"),
                isMoney: try row("is_money"))
        }
    }

    package mutating func routeChanged(_ places: [ImportPlace], of job: ImportJob) throws(PostgresError) {
        guard !places.isEmpty else { return }
        try run("change_route", tenantID, job.id, places.map(\.slot), places.map(\.seq))
    }

    package mutating func write(_ changes: [StatedInvoice]) throws(PostgresError) {
        guard !changes.isEmpty else { return }
        try run(
            "change_invoices_write", tenantID, changes.map(\.id), changes.map(\.number),
            changes.map { $0.issueDate?.description ?? "" }, changes.map { $0.dueDate?.description ?? "" },
            changes.map(\.total), changes.map(\.version), changes.map { $0.claimedOpen.map(String.init) ?? "" })
    }

    /// What is asked for when, from a day on; what was asked before stays known for the days before it. The invoices are
    /// still as they were.
    package mutating func replaceTerms(_ changes: [StatedInvoice], from today: Day) throws(PostgresError) {
        guard !changes.isEmpty else { return }
        let ids = changes.map(\.id)
        try endTerms(of: ids, on: today)
        try run(
            "change_terms_add", tenantID, ids, changes.map(\.terms?.text).map { $0 ?? "" },
            changes.map { $0.dueDate?.description ?? "" }, changes.map(\.total), today)
    }

    package mutating func write(_ changes: [PaymentChange]) throws(PostgresError) {
        guard !changes.isEmpty else { return }
        try run(
            "change_payments_write", tenantID, changes.map(\.id), changes.map(\.amount), changes.map(\.valueDate),
            changes.map(\.method), changes.map(\.version), changes.map { $0.invoice == nil })
    }

    /// What the source says these are for, instead of what it said before.
    package mutating func reinstruct(_ changes: [PaymentChange], source: String) throws(PostgresError) {
        guard !changes.isEmpty else { return }
        try run("change_allocations_clear", tenantID, changes.map(\.id))
        for change in changes {
            guard let invoice = change.invoice else { continue }
            try instruct(change.id, [(SourceName(invoice, source: source), change.amount)])
        }
    }

    package mutating func booked(_ payments: [ID<Payment>]) throws(PostgresError) -> [BookedShare] {
        guard !payments.isEmpty else { return [] }
        return try rows("change_booked", tenantID, payments).map { row throws(PostgresError) in
            BookedShare(
                payment: try row("payment_id"), invoice: try row.optional("invoice_id"),
                key: LedgerKey(
                    customer: try row("customer_id"), brand: try row("brand_id"), currency: try row("currency")),
                amount: try row("amount"), valueDate: try row("value_date"))
        }
    }
}

/// An open list of all items, compared with what is open here.
extension Transaction {
    package mutating func snapshotCounts(_ job: ImportJob) throws(PostgresError) -> (open: Int, closing: Int) {
        let row = try row("snapshot_counts", tenantID, job.id, job.source, job.brand)
        return (try row("open_items"), try row("closing"))
    }

    /// Some of the open invoices that the list lacks.
    package mutating func absentInvoices(
        _ job: ImportJob, limit: Int
    ) throws(PostgresError) -> [(invoice: ID<Invoice>, customer: ID<Customer>)] {
        try rows("snapshot_absent", tenantID, job.id, job.source, job.brand, limit).map { row throws(PostgresError) in
            (try row("invoice_id"), try row("customer_id"))
        }
    }

    package mutating func closeAbsent(_ invoices: [ID<Invoice>]) throws(PostgresError) -> Int {
        try run("snapshot_close", tenantID, invoices)
    }
}
