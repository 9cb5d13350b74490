package import Dunning
package import Postgres

/// A dispute as shown.
package struct DisputeRecord: Sendable, Hashable {
    package enum Outcome: String, Sendable, CaseIterable, PostgresValue {
        case rejected, accepted, withdrawn
    }

    package let id: ID<Dispute>
    package let customer: ID<Customer>
    package let invoice: ID<Invoice>
    package let currency: Currency
    /// Nil: all of it.
    package let amount: Money?
    package let reason: String
    package let note: String
    package let from: Day
    /// Nil while it is open.
    package let outcome: Outcome?
    package let createdAt: Instant
    package let resolvedAt: Instant?

    package init(
        id: ID<Dispute>, customer: ID<Customer>, invoice: ID<Invoice>, currency: Currency, amount: Money?,
        reason: String, note: String, from: Day, at now: Instant
    ) {
        self.id = id
        self.customer = customer
        self.invoice = invoice
        self.currency = currency
        self.amount = amount
        self.reason = reason
        self.note = note
        self.from = from
        outcome = nil
        createdAt = now
        resolvedAt = nil
    }

    init(_ row: Row) throws(PostgresError) {
        id = try row("dispute_id")
        customer = try row("customer_id")
        invoice = try row("invoice_id")
        let currency: Currency = try row("currency")
        self.currency = currency
        amount = try row.optional("amount").map { Money(minor: $0, currency: currency) }
        reason = try row("reason")
        note = try row("note")
        from = try row("from_day")
        outcome = try row.optional("outcome")
        createdAt = try row("created_at")
        resolvedAt = try row.optional("resolved_at")
    }
}

extension Transaction {
    /// False while another dispute about the invoice is open. The numbers made of disputes are restated here. Lock the customer's cases and accounts before.
    package mutating func open(_ dispute: DisputeRecord) throws(PostgresError) -> Bool {
        try retract([dispute.invoice], at: dispute.createdAt)
        let isOpen =
            try run(
                "dispute_add", tenantID, dispute.id, dispute.customer, dispute.invoice, dispute.amount?.minor,
                dispute.reason, dispute.note, dispute.from, dispute.createdAt) == 1
        try restate([dispute.invoice], at: dispute.createdAt)
        return isOpen
    }

    /// False when it was resolved before. Lock the customer's cases and accounts before.
    package mutating func resolve(
        _ dispute: DisputeRecord, _ outcome: DisputeRecord.Outcome, on day: Day, at now: Instant
    ) throws(PostgresError) -> Bool {
        try retract([dispute.invoice], at: now)
        let isNew = try run("dispute_resolve", tenantID, dispute.id, outcome, day, now) == 1
        try restate([dispute.invoice], at: now)
        return isNew
    }

    package mutating func dispute(_ id: ID<Dispute>) throws(PostgresError) -> DisputeRecord? {
        try first("dispute_by_id", tenantID, id).map { row throws(PostgresError) in try DisputeRecord(row) }
    }

    package mutating func openDispute(about invoice: ID<Invoice>) throws(PostgresError) -> DisputeRecord? {
        guard let row = try first("dispute_open_of", tenantID, invoice) else { return nil }
        return try dispute(try row("dispute_id"))
    }

    package mutating func disputes(
        _ page: Page<Dispute>, of customer: ID<Customer>? = nil, about invoice: ID<Invoice>? = nil,
        isOpen: Bool? = nil
    ) throws(PostgresError) -> [DisputeRecord] {
        try rows("dispute_page", tenantID, customer, invoice, isOpen, page.before, page.count)
            .map { row throws(PostgresError) in try DisputeRecord(row) }
    }
}
