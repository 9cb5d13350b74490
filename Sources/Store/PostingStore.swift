package import Dunning
import Foundation
package import Postgres

/// A write-off, a reversal or a refund as it was asked for; what it moved stands in the ledger.
package struct PostingRecord: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable, PostgresValue {
        case writeOff = "write_off"
        case reversal, refund
    }

    package let id: ID<Posting>
    package let kind: Kind
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    /// Of a write-off.
    package let invoice: ID<Invoice>?
    /// Of a reversal or a refund.
    package let payment: ID<Payment>?
    package let name: SourceName
    package let amount: Money
    package let valueDate: Day
    package let reason: String
    package let note: String
    /// What the first answer said of messages about the invoices.
    package let answer: JSONText
    package let recordedAt: Instant

    package init(
        id: ID<Posting>, kind: Kind, key: LedgerKey, invoice: ID<Invoice>? = nil, payment: ID<Payment>? = nil,
        name: SourceName, amount: Int64, valueDate: Day, reason: String, note: String, answer: JSONText,
        recordedAt: Instant
    ) {
        self.id = id
        self.kind = kind
        customer = key.customer
        brand = key.brand
        self.invoice = invoice
        self.payment = payment
        self.name = name
        self.amount = Money(minor: amount, currency: key.currency)
        self.valueDate = valueDate
        self.reason = reason
        self.note = note
        self.answer = answer
        self.recordedAt = recordedAt
    }

    init(_ row: Row) throws(PostgresError) {
        id = try row("posting_id")
        kind = try row("kind")
        customer = try row("customer_id")
        brand = try row("brand_id")
        invoice = try row.optional("invoice_id")
        payment = try row.optional("payment_id")
        name = SourceName(try row("external_id"), source: try row("source"))
        amount = Money(minor: try row("amount"), currency: try row("currency"))
        valueDate = try row("value_date")
        reason = try row("reason")
        note = try row("note")
        answer = try row("answer")
        recordedAt = try row("recorded_at")
    }
}

extension Transaction {
    package mutating func insert(_ posting: PostingRecord, request: JSONText) throws(PostgresError) {
        try must(
            "posting_add", tenantID, posting.id, posting.kind, posting.customer, posting.brand, posting.invoice,
            posting.payment, posting.name.source, posting.name.externalID, posting.amount.currency,
            posting.amount.minor, posting.valueDate, posting.reason, posting.note, request, posting.answer,
            posting.recordedAt)
    }

    /// The posting of this name, and whether the very same request made it.
    package mutating func posting(
        _ name: SourceName, kind: PostingRecord.Kind, request: JSONText
    ) throws(PostgresError) -> (record: PostingRecord, isSame: Bool)? {
        guard let row = try first("posting_same", tenantID, kind, name.source, name.externalID, request),
            let record = try posting(try row("posting_id"))
        else { return nil }
        return (record, try row("is_same"))
    }

    package mutating func posting(_ id: ID<Posting>) throws(PostgresError) -> PostingRecord? {
        try first("posting_by_id", tenantID, id).map { row throws(PostgresError) in try PostingRecord(row) }
    }

    package mutating func postings(
        _ page: Page<Posting>, kind: PostingRecord.Kind? = nil, of customer: ID<Customer>? = nil
    ) throws(PostgresError) -> [PostingRecord] {
        try rows("posting_page", tenantID, kind, customer, page.before, page.count)
            .map { row throws(PostgresError) in try PostingRecord(row) }
    }
}
