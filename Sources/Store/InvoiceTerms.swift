package import Dunning
package import Postgres

/// What stands on an invoice's account, in minor units.
package struct InvoiceStanding: Sendable, Hashable {
    package let issuedOn: Day
    /// The last day on which it changed.
    package let lastDay: Day
    package let balance: Int64
    /// All entries but those of documents and settlements: what these have to cover.
    package let own: Int64
    package let writtenOff: Int64
    /// Closed without a payment because its source said so.
    package let settled: Int64
    /// What its source says is still to be paid; nil where it says nothing.
    package let claimedOpen: Int64?
}

extension Transaction {
    package mutating func standing(of invoice: ID<Invoice>) throws(PostgresError) -> InvoiceStanding {
        let row = try row("invoice_standing", tenantID, invoice)
        return InvoiceStanding(
            issuedOn: try row("issued_on"), lastDay: try row("last_day"), balance: try row("balance"),
            own: try row("own"), writtenOff: try row("written_off"),
            settled: try row("settled"), claimedOpen: try row.optional("claimed_open"))
    }

    /// The instalments in force, the earliest first; none for invoices that are due as a whole.
    package mutating func instalments(
        of invoices: [ID<Invoice>]
    ) throws(PostgresError) -> [ID<Invoice>: [Instalment]] {
        guard !invoices.isEmpty else { return [:] }
        var found: [ID<Invoice>: [Instalment]] = [:]
        for row in try rows("invoice_terms_of", tenantID, invoices) {
            found[try row("invoice_id"), default: []].append(
                Instalment(dueDate: try row.optional("due_date"), amount: try row("amount")))
        }
        return found
    }

    /// What is asked for when, from `day` on; what was asked for before stays known of the days before.
    ///
    /// For an invoice that is in no number yet; else ``change(_:version:number:dueDate:total:terms:at:)``.
    package mutating func replaceTerms(
        of invoice: ID<Invoice>, from day: Day, by terms: [Instalment]
    ) throws(PostgresError) {
        try endTerms(of: [invoice], on: day)
        try run(
            "invoice_terms_add", tenantID, invoice, day, terms.indices.map { $0 + 1 },
            terms.map { $0.dueDate?.description ?? "" }, terms.map(\.amount))
    }

    /// What is asked for when ends that day; of the days before it stays known. The invoices are still as they were.
    mutating func endTerms(of invoices: [ID<Invoice>], on day: Day) throws(PostgresError) {
        try run("invoice_terms_keep", tenantID, invoices, day)
        try run("invoice_terms_drop", tenantID, invoices, day)
        try run("invoice_terms_end", tenantID, invoices, day)
    }

    /// What the source says of an invoice now, with what is asked for when from a day on.
    ///
    /// The only place where an invoice's due date, total and terms change: the numbers made of them are restated here. Lock
    /// the customer's cases and accounts before, and book what moves money after.
    /// - Parameter status: `paid` or `open`; nil leaves what was said before.
    package mutating func change(
        _ invoice: ID<Invoice>, version: Int64, number: String, dueDate: Day?, total: Int64,
        status: String?, terms: (from: Day, parts: [Instalment])?, at now: Instant
    ) throws(PostgresError) {
        try retract([invoice], at: now)
        if let terms { try replaceTerms(of: invoice, from: terms.from, by: terms.parts) }
        try must("invoice_change", tenantID, invoice, version, number, dueDate, total, status)
        try restate([invoice], at: now)
    }

    /// The source has said the same again, as of a later state.
    package mutating func confirm(_ invoice: ID<Invoice>, version: Int64) throws(PostgresError) {
        try must("invoice_confirm", tenantID, invoice, version)
    }
}
