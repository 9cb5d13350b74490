package import Dunning
package import Postgres

/// Staged rows that are applied in one transaction: those behind `from`, up to `to`.
package struct ImportRange: Sendable, Hashable {
    package let from: ImportPlace
    package let to: ImportPlace
    package let rows: Int

    fileprivate var parameters: [(any PostgresValue)?] { [from.slot, from.seq, to.slot, to.seq] }
}

/// What is new of a customer in a chunk.
package struct ImportNews: Sendable {
    package let customer: ID<Customer>
    /// Whether more than its new invoices and their payments have to be looked at.
    package let needsRule: Bool
    package let invoices: Int
    package let payments: Int
    package let creditNotes: Int
}

/// What the standing rule has to look at after a chunk was written.
package struct FreshRows: Sendable {
    package var payments: Set<ID<Payment>> = []
    package var invoices: Set<ID<Invoice>> = []
    /// Invoices that were there before, by customer: somebody may be asking for them right now.
    package var known: [ID<Customer>: Set<ID<Invoice>>] = [:]

    package init() {}
}

/// Applying a chunk, one set-based statement each. The order matters; ``Operations`` knows it.
extension Transaction {
    package mutating func nextRange(
        of id: ID<Import>, after place: ImportPlace, size: Int
    ) throws(PostgresError) -> ImportRange? {
        guard let row = try first("chunk_end", tenantID, id, place.slot, place.seq, size) else { return nil }
        return ImportRange(
            from: place, to: ImportPlace(slot: try row("slot"), seq: try row("seq")), rows: try row("rows"))
    }

    /// Makes the customers that are not there yet; which.
    package mutating func addCustomers(
        _ job: ImportJob, _ range: ImportRange, at now: Instant
    ) throws(PostgresError) -> [ID<Customer>] {
        try run("chunk_replan")
        return try rows("chunk_customers_add", list: parameters(job, range, now)).map(Self.customer)
    }

    /// Everybody the chunk is about. Rows of customers that were there before have their ids afterwards.
    package mutating func matchCustomers(_ job: ImportJob, _ range: ImportRange) throws(PostgresError) -> [ID<Customer>]
    {
        var found: [ID<Customer>] = []
        var isSame = true
        for row in try rows("chunk_customers", list: parameters(job, range)) {
            found.append(try row("customer_id"))
            let same: Bool = try row("is_same")
            isSame = isSame && same
        }
        if !isSame { try run("chunk_customers_match", list: parameters(job, range)) }
        return found
    }

    package mutating func changeCustomers(
        _ job: ImportJob, _ range: ImportRange, _ customers: [ID<Customer>], at now: Instant
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("chunk_customers_change", list: parameters(job, range, customers, now)).map(Self.customer)
    }

    /// The customers that got their first contact.
    package mutating func addContacts(
        _ job: ImportJob, _ range: ImportRange, at now: Instant
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("chunk_contacts_add", list: parameters(job, range, now)).map(Self.customer)
    }

    /// The customers whose contact a file made and this one changes.
    package mutating func changeContacts(
        _ job: ImportJob, _ range: ImportRange, _ customers: [ID<Customer>], at now: Instant
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("chunk_contacts_change", list: parameters(job, range, customers, now)).map(Self.customer)
    }

    /// Whom the file puts into lists, by their names.
    package mutating func listed(
        _ job: ImportJob, _ range: ImportRange
    ) throws(PostgresError) -> [String: [ID<Customer>]] {
        var found: [String: [ID<Customer>]] = [:]
        for row in try rows("chunk_segments", list: parameters(job, range)) {
            found[try row("segment"), default: []].append(try row("customer_id"))
        }
        return found
    }

    /// Marks rows whose invoices and documents are stored; how many of each.
    package mutating func routeStored(
        _ job: ImportJob, _ range: ImportRange
    ) throws(PostgresError) -> (invoices: Int, payments: Int) {
        (
            try run("chunk_route_invoices", list: parameters(job, range, job.source)),
            try run("chunk_route_payments", list: parameters(job, range, job.source))
        )
    }

    package mutating func news(
        _ job: ImportJob, _ range: ImportRange, today: Day
    ) throws(PostgresError) -> [ImportNews] {
        try rows("chunk_news", list: parameters(job, range, today)).map { row throws(PostgresError) in
            ImportNews(
                customer: try row("customer_id"), needsRule: try row("needs_rule"), invoices: try row("invoices"),
                payments: try row("payments"), creditNotes: try row("credit_notes"))
        }
    }

    /// Those of these customers with new invoices that money waits for.
    package mutating func awaited(
        _ job: ImportJob, _ range: ImportRange, _ customers: [ID<Customer>]
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("chunk_awaited", list: parameters(job, range, job.source, customers)).map(Self.customer)
    }

    /// Those of these customers with new payments, by currency.
    package mutating func payers(
        _ job: ImportJob, _ range: ImportRange, _ customers: [ID<Customer>]
    ) throws(PostgresError) -> [Currency: Set<ID<Customer>>] {
        var found: [Currency: Set<ID<Customer>>] = [:]
        for row in try rows("chunk_payers", list: parameters(job, range, customers)) {
            found[try row("currency"), default: []].insert(try row("customer_id"))
        }
        return found
    }

    /// Leaves the accounts of these customers to the standing rule.
    package mutating func routeToRule(
        _ job: ImportJob, _ range: ImportRange, _ customers: [ID<Customer>]
    ) throws(PostgresError) {
        try run("chunk_route_customers", list: parameters(job, range, customers))
    }

    /// Writes new invoices, payments and credit notes with what they are for, and all entries that need no rule; how
    /// many invoices and documents were new.
    package mutating func addDocuments(
        _ job: ImportJob, _ range: ImportRange, today: Day, at now: Instant
    ) throws(PostgresError) -> (invoices: Int, documents: Int) {
        let invoices = try run("chunk_invoices_add", list: parameters(job, range, job.brand, job.source, now))
        try run("chunk_terms_add", list: parameters(job, range))
        let documents = try run("chunk_payments_add", list: parameters(job, range, job.brand, job.source, now))
        try run("chunk_allocations_add", list: parameters(job, range, job.source))
        try run("chunk_invoices_book", list: parameters(job, range, job.brand, today, now))
        try run("chunk_payments_book", list: parameters(job, range, job.brand, now))
        if invoices > 0 {
            try run("chunk_numbers", list: parameters(job, range, Self.batch(now), job.brand, today))
            try run("chunk_numbers_terms", list: parameters(job, range, Self.batch(now), job.brand))
            _ = try first("chunk_numbers_ruled", list: parameters(job, range, Self.batch(now)))
        }
        return (invoices, documents)
    }

    package mutating func freshRows(_ job: ImportJob, _ range: ImportRange) throws(PostgresError) -> FreshRows {
        var fresh = FreshRows()
        for row in try rows("chunk_fresh", list: parameters(job, range, job.source)) {
            if let payment: ID<Payment> = try row.optional("payment_id") { fresh.payments.insert(payment) }
            guard let invoice: ID<Invoice> = try row.optional("invoice_id") else { continue }
            fresh.invoices.insert(invoice)
            let isKnown: Bool = try row("is_known")
            if isKnown { fresh.known[try row("customer_id"), default: []].insert(invoice) }
        }
        return fresh
    }

    /// Rows that brought nothing at all.
    package mutating func unchangedRows(
        _ job: ImportJob, _ range: ImportRange, created: [ID<Customer>]
    ) throws(PostgresError) -> Int {
        try row("chunk_unchanged", list: parameters(job, range, created))("rows")
    }

    func parameters(_ job: ImportJob, _ range: ImportRange, _ more: (any PostgresValue)?...) -> [(any PostgresValue)?] {
        [tenantID, job.id] + range.parameters + more
    }

    private static func customer(_ row: Row) throws(PostgresError) -> ID<Customer> { try row("customer_id") }
}
