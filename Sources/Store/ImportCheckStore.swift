package import Dunning
package import Postgres

/// A staged row that something is wrong with.
package struct FaultyRow: Sendable, Hashable {
    package let place: ImportPlace
    package let row: Int
    package let line: Int
    /// The line of a row that says otherwise.
    package let other: Int?
    /// What differs from what is stored.
    package let what: String?
}

/// Which checks have anything to look at.
package struct CheckNeeds: Sendable {
    /// Rows without a customer.
    package let nobody: Bool
    /// Rows that name a customer and do not make one.
    package let borrowed: Bool
    /// Payments without their invoices beside them.
    package let loose: Bool
    /// Invoices and documents of the source are stored.
    package let invoices: Bool
    package let payments: Bool
}

/// What a dry run found that an import would make.
package struct DryTotals: Sendable {
    package let customers: Int
    package let invoices: Int
    package let payments: Int
    package let creditNotes: Int
}

/// Each check returns some of the rows that fail it and are not refused yet, so it is asked again until there are none.
extension Transaction {
    /// For the rest of the transaction, what looks at all rows of a file.
    package mutating func joinByHash() throws(PostgresError) { try run("check_by_hash") }

    package mutating func checkNeeds(_ job: ImportJob) throws(PostgresError) -> CheckNeeds {
        let row = try row("check_needs", tenantID, job.id, job.source)
        return CheckNeeds(
            nobody: try row("nobody"), borrowed: try row("borrowed"), loose: try row("loose"),
            invoices: try row("invoices"), payments: try row("payments"))
    }

    /// Gives rows without a customer the one of their invoice.
    package mutating func resolveCustomers(_ job: ImportJob) throws(PostgresError) {
        try run("check_resolve_in_file", tenantID, job.id)
        try run("check_resolve_stored", tenantID, job.id, job.source)
    }

    package mutating func rowsOfNobody(_ job: ImportJob, limit: Int) throws(PostgresError) -> [FaultyRow] {
        try Self.faulty(rows("check_nobody", tenantID, job.id, limit))
    }

    package mutating func rowsOfUnknownCustomers(_ job: ImportJob, limit: Int) throws(PostgresError) -> [FaultyRow] {
        try Self.faulty(rows("check_unknown_customers", tenantID, job.id, limit))
    }

    package mutating func customersTwice(_ job: ImportJob, limit: Int) throws(PostgresError) -> [FaultyRow] {
        try Self.faulty(rows("check_customers_twice", tenantID, job.id, limit), hasOther: true)
    }

    package mutating func contactsTwice(_ job: ImportJob, limit: Int) throws(PostgresError) -> [FaultyRow] {
        try Self.faulty(rows("check_contacts_twice", tenantID, job.id, limit), hasOther: true)
    }

    package mutating func invoicesTwice(_ job: ImportJob, limit: Int) throws(PostgresError) -> [FaultyRow] {
        try Self.faulty(rows("check_invoices_twice", tenantID, job.id, limit), hasOther: true)
    }

    package mutating func paymentsTwice(_ job: ImportJob, limit: Int) throws(PostgresError) -> [FaultyRow] {
        try Self.faulty(rows("check_payments_twice", tenantID, job.id, limit), hasOther: true)
    }

    package mutating func strangeTargets(_ job: ImportJob, limit: Int) throws(PostgresError) -> [FaultyRow] {
        try Self.faulty(rows("check_payment_targets", tenantID, job.id, job.source, limit), hasWhat: true)
    }

    /// Invoices stored as somebody else's, from behind one place to another.
    package mutating func strangeInvoices(
        _ job: ImportJob, from: ImportPlace = .start, to: ImportPlace = .end, limit: Int
    ) throws(PostgresError) -> [FaultyRow] {
        try Self.faulty(
            rows(
                "check_stored_invoices", tenantID, job.id, from.slot, from.seq, to.slot, to.seq, job.source, job.brand,
                limit), hasWhat: true)
    }

    package mutating func strangePayments(
        _ job: ImportJob, from: ImportPlace = .start, to: ImportPlace = .end, limit: Int
    ) throws(PostgresError) -> [FaultyRow] {
        try Self.faulty(
            rows(
                "check_stored_payments", tenantID, job.id, from.slot, from.seq, to.slot, to.seq, job.source, job.brand,
                limit), hasWhat: true)
    }

    /// - Parameter parts: 1 customer, 2 contact, 4 invoice, 8 payment or credit note.
    package mutating func refuse(_ places: [ImportPlace], parts: Int, of job: ImportJob) throws(PostgresError) {
        guard !places.isEmpty else { return }
        try run("check_refuse", tenantID, job.id, places.map(\.slot), places.map(\.seq), places.map { _ in parts })
    }

    /// Customers without a case that would enter, and how many days the oldest of their invoices is overdue.
    package mutating func entering(
        _ job: ImportJob, today: Day, overdueBefore: Day
    ) throws(PostgresError) -> (customers: Int, oldest: Int) {
        let row = try row("check_entering", tenantID, job.id, today, overdueBefore, job.brand)
        return (try row("customers"), try row("oldest"))
    }

    package mutating func dryTotals(_ job: ImportJob) throws(PostgresError) -> DryTotals {
        let row = try row("check_totals", tenantID, job.id, job.source)
        return DryTotals(
            customers: try row("customers_created"), invoices: try row("invoices_created"),
            payments: try row("payments_created"), creditNotes: try row("credit_notes_created"))
    }

    private static func faulty(
        _ rows: [Row], hasOther: Bool = false, hasWhat: Bool = false
    ) throws(PostgresError) -> [FaultyRow] {
        try rows.map { row throws(PostgresError) in
            FaultyRow(
                place: ImportPlace(slot: try row("slot"), seq: try row("seq")), row: try row("row_no"),
                line: try row("line"), other: hasOther ? try row("other") : nil, what: hasWhat ? try row("what") : nil)
        }
    }
}
