package import Dunning
package import Postgres

/// A promise to pay as shown.
package struct PromiseRecord: Sendable, Hashable {
    package enum Cancellation: String, Sendable, CaseIterable, PostgresValue {
        case dispute, credit, replaced, withdrawn
    }

    package let id: ID<Promise>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let amount: Money
    package let madeOn: Day
    package let dueOn: Day
    package let cancelledOn: Day?
    package let cancellation: Cancellation?
    package let note: String
    /// False: too many were broken before; it holds nothing back.
    package let pauses: Bool
    /// What came of it; nil until its day and grace have passed.
    package let standing: PromiseToPay.Standing?
    package let judgedAt: Instant?
    package let invoices: [ID<Invoice>]
    package let createdAt: Instant

    package init(
        id: ID<Promise>, key: LedgerKey, amount: Int64, madeOn: Day, dueOn: Day, note: String, pauses: Bool = true,
        invoices: [ID<Invoice>], at now: Instant
    ) {
        self.id = id
        customer = key.customer
        brand = key.brand
        self.amount = Money(minor: amount, currency: key.currency)
        self.madeOn = madeOn
        self.dueOn = dueOn
        cancelledOn = nil
        cancellation = nil
        self.note = note
        self.pauses = pauses
        standing = nil
        judgedAt = nil
        self.invoices = invoices
        createdAt = now
    }

    package var key: LedgerKey { LedgerKey(customer: customer, brand: brand, currency: amount.currency) }

    init(_ row: Row) throws(PostgresError) {
        id = try row("promise_id")
        customer = try row("customer_id")
        brand = try row("brand_id")
        amount = Money(minor: try row("amount"), currency: try row("currency"))
        madeOn = try row("made_on")
        dueOn = try row("due_on")
        cancelledOn = try row.optional("cancelled_on")
        cancellation = try row.optional("cancel_reason")
        note = try row("note")
        pauses = try row("pauses")
        standing = try row.optional("standing")
        judgedAt = try row.optional("judged_at")
        invoices = try row("invoices")
        createdAt = try row("created_at")
    }
}

extension Transaction {
    /// - Parameter checkAt: when its day and grace have passed in the brand's zone.
    package mutating func insert(_ promise: PromiseRecord, checkAt: Instant) throws(PostgresError) {
        try must(
            "promise_add", tenantID, promise.id, promise.customer, promise.brand, promise.amount.currency,
            promise.amount.minor, promise.madeOn, promise.dueOn, promise.note, promise.pauses, checkAt,
            promise.createdAt)
        try must("promise_add_invoices", tenantID, promise.id, promise.invoices)
    }

    package mutating func promise(_ id: ID<Promise>) throws(PostgresError) -> PromiseRecord? {
        try first("promise_by_id", tenantID, id).map { row throws(PostgresError) in try PromiseRecord(row) }
    }

    package mutating func promises(
        _ page: Page<Promise>, of customer: ID<Customer>? = nil, about invoice: ID<Invoice>? = nil
    ) throws(PostgresError) -> [PromiseRecord] {
        try rows("promise_page", tenantID, customer, invoice, page.before, page.count)
            .map { row throws(PostgresError) in try PromiseRecord(row) }
    }

    /// Promises about any of these invoices that may still be kept.
    package mutating func runningPromises(
        about invoices: [ID<Invoice>], on day: Day
    ) throws(PostgresError) -> [ID<Promise>] {
        try rows("promise_running", tenantID, invoices, day).map { row throws(PostgresError) in try row("promise_id") }
    }

    /// How many ended by this. Lock the customer's cases before.
    @discardableResult
    package mutating func cancel(
        _ promises: [ID<Promise>], _ reason: PromiseRecord.Cancellation, on day: Day
    ) throws(PostgresError) -> Int {
        promises.isEmpty ? 0 : try run("promise_cancel", tenantID, promises, reason, day)
    }

    /// Ends promises of which a credit note has left nothing; which they were, and whose.
    package mutating func cancelCreditedPromises(
        about invoices: [ID<Invoice>], on day: Day
    ) throws(PostgresError) -> [(id: ID<Promise>, customer: ID<Customer>)] {
        guard !invoices.isEmpty else { return [] }
        return try rows("promise_cancel_credited", tenantID, invoices, day)
            .map { row throws(PostgresError) in (try row("promise_id"), try row("customer_id")) }
    }
}
