package import Dunning
import Foundation
package import Postgres

/// A payment as shown.
package struct PaymentRecord: Sendable, Hashable {
    package enum Status: String, Sendable, CaseIterable { case succeeded, pending }
    package enum Method: String, Sendable, CaseIterable { case card, debit, transfer, other }

    package let id: ID<Payment>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let externalID: String
    package let amount: Money
    /// Credit not applied to any invoice, in minor units.
    package let unallocated: Int64
    package let status: Status
    package let method: Method
    package let valueDate: Day
    package let recordedAt: Instant
    package var shares: [Allocate.Share]
    /// What the first answer said of messages about the paid invoices.
    package var answer: JSONText?

    package init(
        id: ID<Payment>, customer: ID<Customer>, brand: ID<Brand>, externalID: String, amount: Money,
        unallocated: Int64,
        status: Status, method: Method, valueDate: Day, recordedAt: Instant, shares: [Allocate.Share] = [],
        answer: JSONText? = nil
    ) {
        self.id = id
        self.customer = customer
        self.brand = brand
        self.externalID = externalID
        self.amount = amount
        self.unallocated = unallocated
        self.status = status
        self.method = method
        self.valueDate = valueDate
        self.recordedAt = recordedAt
        self.shares = shares
        self.answer = answer
    }
}

extension PaymentRecord.Status: PostgresValue {}
extension PaymentRecord.Method: PostgresValue {}

/// Money received and not applied.
package struct OpenCredit: Sendable {
    package let payment: ID<Payment>
    package let amount: Int64
    package let valueDate: Day
}

extension Transaction {
    /// False when the external id is taken.
    package mutating func insert(_ payment: PaymentRecord, request: JSONText) throws(PostgresError) -> Bool {
        try run(
            "payment_insert", tenantID, payment.id, payment.customer, payment.brand, payment.externalID,
            payment.amount.currency, payment.amount.minor, payment.unallocated, payment.status, payment.method,
            payment.valueDate, request, payment.recordedAt) == 1
    }

    package mutating func payment(
        externalID: String, request: JSONText
    ) throws(PostgresError) -> (id: ID<Payment>, isSame: Bool)? {
        guard let row = try first("payment_same", tenantID, externalID, request) else { return nil }
        return (try row("payment_id"), try row("is_same"))
    }

    package mutating func payment(_ id: ID<Payment>) throws(PostgresError) -> PaymentRecord? {
        guard let row = try first("payment_by_id", tenantID, id) else { return nil }
        return try withShares([try Self.paymentRecord(row)]).first
    }

    package mutating func payments(
        customer: ID<Customer>?, before: ID<Payment>?, count: Int
    ) throws(PostgresError) -> [PaymentRecord] {
        var found: [PaymentRecord] = []
        for row in try rows("payment_page", tenantID, customer, before, count) {
            found.append(try Self.paymentRecord(row))
        }
        return try withShares(found)
    }

    package mutating func answer(_ payment: ID<Payment>, with answer: JSONText) throws(PostgresError) {
        try must("payment_answer", tenantID, payment, answer)
    }

    package mutating func allocate(
        _ shares: [(payment: ID<Payment>, share: Allocate.Share, valueDate: Day)], at now: Instant
    ) throws(PostgresError) {
        guard !shares.isEmpty else { return }
        try run(
            "payment_allocate", tenantID, shares.map { _ in ID<Allocation>.make(at: now) }, shares.map(\.payment),
            shares.map(\.share.invoice), shares.map(\.share.amount), shares.map(\.valueDate), now)
    }

    package mutating func lockCredit(
        customer: ID<Customer>, brand: ID<Brand>, currency: Currency
    ) throws(PostgresError) -> [OpenCredit] {
        var found: [OpenCredit] = []
        for row in try rows("payment_credit", tenantID, customer, brand, currency) {
            found.append(
                OpenCredit(
                    payment: try row("payment_id"), amount: try row("unallocated"), valueDate: try row("value_date")))
        }
        return found
    }

    package mutating func takeCredit(_ taken: [(ID<Payment>, Int64)]) throws(PostgresError) {
        guard !taken.isEmpty else { return }
        try run("payment_take_credit", tenantID, taken.map(\.0), taken.map(\.1))
    }

    private mutating func withShares(_ payments: [PaymentRecord]) throws(PostgresError) -> [PaymentRecord] {
        guard !payments.isEmpty else { return [] }
        var shares: [ID<Payment>: [Allocate.Share]] = [:]
        for row in try rows("payment_allocations", tenantID, payments.map(\.id)) {
            shares[try row("payment_id"), default: []].append(
                Allocate.Share(invoice: try row("invoice_id"), amount: try row("amount")))
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
            externalID: try row("external_id"),
            amount: Money(minor: try row("amount"), currency: try row("currency")),
            unallocated: try row("unallocated"), status: try row("status"), method: try row("method"),
            valueDate: try row("value_date"), recordedAt: try row("recorded_at"), answer: try row.optional("answer"))
    }
}
