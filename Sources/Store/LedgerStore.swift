package import Dunning
package import Postgres

/// One line of the ledger as shown.
package struct EntryRecord: Sendable, Hashable {
    package let id: ID<LedgerEntry>
    package let kind: Movement.Kind
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    /// Nil: the customer's credit.
    package let invoice: ID<Invoice>?
    package let payment: ID<Payment>?
    package let amount: Money
    package let valueDate: Day
    package let note: String?
    package let recordedAt: Instant

    init(_ row: Row) throws(PostgresError) {
        id = try row("ledger_entry_id")
        kind = try row("kind")
        customer = try row("customer_id")
        brand = try row("brand_id")
        invoice = try row.optional("invoice_id")
        payment = try row.optional("payment_id")
        amount = Money(minor: try row("amount"), currency: try row("currency"))
        valueDate = try row("value_date")
        note = try row.optional("note")
        recordedAt = try row("recorded_at")
    }
}

/// Money of a document on one account.
package struct StandingMoney: Sendable, Hashable {
    /// Nil: the customer's credit.
    package let invoice: ID<Invoice>?
    package let payment: ID<Payment>
    package let amount: Int64
    /// The last day on which it moved: what undoes it is no earlier.
    package let since: Day
}

extension Transaction {
    package mutating func entries(
        _ page: Page<LedgerEntry>, of customer: ID<Customer>? = nil, invoice: ID<Invoice>? = nil,
        payment: ID<Payment>? = nil
    ) throws(PostgresError) -> [EntryRecord] {
        try rows("ledger_page", tenantID, customer, invoice, payment, page.before, page.count)
            .map { row throws(PostgresError) in try EntryRecord(row) }
    }

    /// Where a document's money stands: its credit first, then the youngest debts.
    package mutating func standing(of payment: ID<Payment>) throws(PostgresError) -> [StandingMoney] {
        try rows("ledger_standing", tenantID, payment).map { row throws(PostgresError) in
            StandingMoney(
                invoice: try row.optional("invoice_id"), payment: payment, amount: try row("amount"),
                since: try row("last_day"))
        }
    }

    /// Whose money a customer's credit is, the oldest first.
    package mutating func credit(of key: LedgerKey) throws(PostgresError) -> [StandingMoney] {
        try rows("ledger_credit", tenantID, key.customer, key.brand, key.currency)
            .map { row throws(PostgresError) in
                StandingMoney(
                    invoice: nil, payment: try row("payment_id"), amount: try row("amount"), since: try row("last_day"))
            }
    }
}
