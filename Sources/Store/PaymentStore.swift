package import Dunning
import Foundation
package import Postgres

/// A payment as shown.
package struct PaymentRecord: Sendable, Hashable {
    package enum Status: String, Sendable, CaseIterable { case succeeded, pending, failed, reversed }
    package enum Method: String, Sendable, CaseIterable { case card, debit, transfer, other }

    package let id: ID<Payment>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    /// A payment or a credit note.
    package let kind: Movement.Kind
    package let name: SourceName
    /// What the source says of its own state; 0 where it says nothing.
    package let version: Int64
    package let amount: Money
    /// Credit not applied to any invoice, in minor units.
    package let unallocated: Int64
    package let status: Status
    package let method: Method
    package let valueDate: Day
    package let recordedAt: Instant
    package var shares: [InvoiceShare]
    /// What the first answer said of messages about the paid invoices.
    package var answer: JSONText?

    package init(
        id: ID<Payment>, customer: ID<Customer>, brand: ID<Brand>, kind: Movement.Kind = .payment, name: SourceName,
        version: Int64 = 0, amount: Money, unallocated: Int64 = 0, status: Status, method: Method, valueDate: Day,
        recordedAt: Instant,
        shares: [InvoiceShare] = [],
        answer: JSONText? = nil
    ) {
        self.id = id
        self.customer = customer
        self.brand = brand
        self.kind = kind
        self.name = name
        self.version = version
        self.amount = amount
        self.unallocated = unallocated
        self.status = status
        self.method = method
        self.valueDate = valueDate
        self.recordedAt = recordedAt
        self.shares = shares
        self.answer = answer
    }

    package var key: LedgerKey { LedgerKey(customer: customer, brand: brand, currency: amount.currency) }
}

extension PaymentRecord.Status: PostgresValue {}
extension PaymentRecord.Method: PostgresValue {}

extension Transaction {
    /// False when the external id is taken.
    /// - Parameter isAutomatic: its source named no invoice, so it goes to the oldest debt.
    package mutating func insert(
        _ payment: PaymentRecord, isAutomatic: Bool, request: JSONText?
    ) throws(PostgresError) -> Bool {
        try run(
            "payment_insert", tenantID, payment.id, payment.kind, payment.customer, payment.brand, payment.name.source,
            payment.name.externalID, payment.version, payment.amount.currency, payment.amount.minor, isAutomatic,
            payment.status,
            payment.method, payment.valueDate, request, payment.recordedAt) == 1
    }

    package mutating func payment(
        _ name: SourceName, kind: Movement.Kind, request: JSONText
    ) throws(PostgresError) -> (id: ID<Payment>, isSame: Bool)? {
        guard let row = try first("payment_same", tenantID, kind, name.source, name.externalID, request) else {
            return nil
        }
        return (try row("payment_id"), try row("is_same"))
    }

    package mutating func payment(_ id: ID<Payment>) throws(PostgresError) -> PaymentRecord? {
        guard let row = try first("payment_by_id", tenantID, id) else { return nil }
        return try withShares([try Self.paymentRecord(row)]).first
    }

    package mutating func payments(
        kind: Movement.Kind = .payment, customer: ID<Customer>?, source: String? = nil, externalID: String? = nil,
        before: ID<Payment>?, count: Int
    ) throws(PostgresError) -> [PaymentRecord] {
        var found: [PaymentRecord] = []
        for row in try rows("payment_page", tenantID, kind, customer, source, externalID, before, count) {
            found.append(try Self.paymentRecord(row))
        }
        return try withShares(found)
    }

    package mutating func answer(_ payment: ID<Payment>, with answer: JSONText) throws(PostgresError) {
        try must("payment_answer", tenantID, payment, answer)
    }

    private mutating func withShares(_ payments: [PaymentRecord]) throws(PostgresError) -> [PaymentRecord] {
        guard !payments.isEmpty else { return [] }
        var shares: [ID<Payment>: [InvoiceShare]] = [:]
        for row in try rows("payment_covers", tenantID, payments.map(\.id)) {
            shares[try row("payment_id"), default: []].append(
                InvoiceShare(invoice: try row("invoice_id"), amount: try row("amount")))
        }
        return payments.map { payment in
            var payment = payment
            payment.shares = shares[payment.id] ?? []
            return payment
        }
    }

    private static func paymentRecord(_ row: Row) throws(PostgresError) -> PaymentRecord {
        PaymentRecord(
            id: try row("payment_id"), customer: try row("customer_id"), brand: try row("brand_id"),
            kind: try row("kind"), name: SourceName(try row("external_id"), source: try row("source")),
            version: try row("version"), amount: Money(minor: try row("amount"), currency: try row("currency")),
            unallocated: try row("unallocated"), status: try row("status"), method: try row("method"),
            valueDate: try row("value_date"), recordedAt: try row("recorded_at"), answer: try row.optional("answer"))
    }
}
