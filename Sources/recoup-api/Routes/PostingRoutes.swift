import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    /// Write-offs, reversals and refunds as they were asked for, and the ledger they stand in.
    static let postings: [Route] = [
        .tenant(.get, "/v1/postings", query: ["limit", "cursor", "kind", "customer_id"]) { call in
            let page: Page<Posting> = try call.query.page()
            let kind = try call.query.choice("kind", of: PostingRecord.Kind.self)
            let customer = try call.query.id("customer_id", Customer.self)
            let records = try await call.read { try $0.postings(page, kind: kind, of: customer) }
            return try .page(page, records, id: \.id) { try PostingResponse($0) }
        },
        .tenant(.get, "/v1/postings/{id}") { call in
            let id = try call.id(Posting.self, "posting")
            return .ok(try PostingResponse(try await call.find("posting") { try $0.posting(id) }))
        },
        .tenant(
            .get, "/v1/ledger_entries", query: ["limit", "cursor", "customer_id", "invoice_id", "payment_id"]
        ) { call in
            let page: Page<LedgerEntry> = try call.query.page()
            let customer = try call.query.id("customer_id", Customer.self)
            let invoice = try call.query.id("invoice_id", Invoice.self)
            let payment = try call.query.id("payment_id", Payment.self)
            let records = try await call.read {
                try $0.entries(page, of: customer, invoice: invoice, payment: payment)
            }
            return .page(page, records, id: \.id, EntryResponse.init)
        },
    ]
}

/// A message that asked for what has ended, and may have gone out.
struct CrossedMessageResponse: Encodable, Sendable {
    let id: ID<Message>
    let state: String
    let armedAt: Instant

    static func all(_ crossing: Crossing) -> [CrossedMessageResponse] {
        crossing.messages.map { CrossedMessageResponse(id: $0.id, state: $0.state, armedAt: $0.armedAt) }
    }
}

struct PostingResponse: Encodable, Sendable {
    let id: ID<Posting>
    let kind: String
    let customerId: ID<Customer>
    let brandId: ID<Brand>
    @OrNull var invoiceId: ID<Invoice>?
    @OrNull var paymentId: ID<Payment>?
    let source: String
    let externalId: String
    let amount: MoneyResponse
    let valueDate: Day
    let reason: String
    let note: String
    let messages: [CrossedMessageResponse]
    let recordedAt: Instant

    init(_ posted: Posted) {
        self.init(posted.posting, posted.crossing)
    }

    init(_ record: PostingRecord) throws {
        self.init(record, try Crossing(record.answer))
    }

    private init(_ record: PostingRecord, _ crossing: Crossing) {
        id = record.id
        kind = record.kind.rawValue
        customerId = record.customer
        brandId = record.brand
        invoiceId = record.invoice
        paymentId = record.payment
        source = record.name.source
        externalId = record.name.externalID
        amount = MoneyResponse(record.amount)
        valueDate = record.valueDate
        reason = record.reason
        note = record.note
        messages = CrossedMessageResponse.all(crossing)
        recordedAt = record.recordedAt
    }
}

struct EntryResponse: Encodable, Sendable {
    let id: ID<LedgerEntry>
    let kind: String
    let customerId: ID<Customer>
    let brandId: ID<Brand>
    @OrNull var invoiceId: ID<Invoice>?
    @OrNull var paymentId: ID<Payment>?
    /// Signed as it changes what the customer owes.
    let amount: MoneyResponse
    let valueDate: Day
    @OrNull var note: String?
    let recordedAt: Instant

    init(_ record: EntryRecord) {
        id = record.id
        kind = record.kind.rawValue
        customerId = record.customer
        brandId = record.brand
        invoiceId = record.invoice
        paymentId = record.payment
        amount = MoneyResponse(record.amount)
        valueDate = record.valueDate
        note = record.note
        recordedAt = record.recordedAt
    }
}
