import Dunning
import HTTPTypes
import Operations
import Postgres
import Store

extension Route {
    static let payments: [Route] =
        documents(.payment, "payment", at: "/v1/payments") + [
            .tenant(.post, "/v1/payments/{id}/succeed") { call in
                let id = try call.id(Payment.self, "payment")
                let finish = try await call.body {
                    FinishPayment(id, .succeeded(on: $0.day(optional: "value_date")))
                }
                let (payment, crossing, _) = try await call.write { try finish.run(in: &$0, $1) }
                return .ok(PaymentResponse(payment, crossing))
            },
            .tenant(.post, "/v1/payments/{id}/fail") { call in
                let finish = FinishPayment(try call.id(Payment.self, "payment"), .failed)
                try await call.body { _ in }
                let (payment, crossing, _) = try await call.write { try finish.run(in: &$0, $1) }
                return .ok(PaymentResponse(payment, crossing))
            },
            .tenant(.post, "/v1/payments/{id}/reversals", query: ["source"]) { call in
                let (id, source) = (try call.id(Payment.self, "payment"), call.source)
                let reverse = try await call.body { fields in
                    let reason = fields.choice("reason", of: ReversePayment.Reason.self)
                    return ReversePayment(id, try fields.posting(from: source, reason: reason.rawValue))
                }
                let posted = try await call.write { try reverse.run(in: &$0, $1) }
                return .made(PostingResponse(posted), isNew: posted.isNew)
            },
            .tenant(.post, "/v1/payments/{id}/refunds", query: ["source"]) { call in
                let (id, source) = (try call.id(Payment.self, "payment"), call.source)
                let refund = try await call.body { RefundPayment(id, try $0.posting(from: source)) }
                let posted = try await call.write { try refund.run(in: &$0, $1) }
                return .made(PostingResponse(posted), isNew: posted.isNew)
            },
        ]

    static let creditNotes: [Route] = documents(.creditNote, "credit note", at: "/v1/credit_notes")

    /// Payments and credit notes are recorded, stated and listed alike.
    private static func documents(_ kind: Movement.Kind, _ noun: String, at path: String) -> [Route] {
        [
            .tenant(.post, path, query: ["source"]) { call in
                let source = call.source
                let record = try await call.body { try $0.document(kind, from: source) }
                let (payment, crossing, isNew) = try await call.write { try record.run(in: &$0, $1) }
                return .made(PaymentResponse(payment, crossing), isNew: isNew)
            },
            .batch("\(path)/batch", reading: { try $0.document(kind, from: $1) }) { record, tx, context in
                let (payment, _, isNew) = try record.run(in: &tx, context)
                return (payment.id.description, isNew)
            },
            .tenant(.get, path, query: ["limit", "cursor", "customer_id", "source", "external_id"]) { call in
                let page: Page<Payment> = try call.query.page()
                let customer = try call.query.id("customer_id", Customer.self)
                let (source, name) = (call.query.text("source"), call.query.text("external_id"))
                let records = try await call.read {
                    try $0.payments(
                        kind: kind, customer: customer, source: source, externalID: name, before: page.before,
                        count: page.count)
                }
                return try .page(page, records, id: \.id) { try PaymentResponse($0) }
            },
            .tenant(.get, "\(path)/{id}") { call in
                let id = try call.id(Payment.self, noun)
                let record = try await call.find(noun) { tx in
                    let found = try tx.payment(id)
                    return found?.kind == kind ? found : nil
                }
                return .ok(try PaymentResponse(record))
            },
            .tenant(.put, "\(path)/{id}", query: ["source"]) { call in
                let name = SourceName(try call.externalName(), source: call.source)
                let put = try await call.body { try $0.statedDocument(kind, name) }
                let (payment, outcome, crossing) = try await call.write { try put.run(in: &$0, $1) }
                return .made(
                    PaymentPutResponse(outcome: outcome.rawValue, payment: PaymentResponse(payment, crossing)),
                    isNew: outcome == .created)
            },
        ]
    }
}

extension Fields {
    fileprivate mutating func document(_ kind: Movement.Kind, from source: String) throws(Rejection) -> RecordPayment {
        let name = SourceName(line("external_id", upTo: 200), source: source)
        return try record(kind, name, status: kind == .payment ? choice(optional: "status") ?? .succeeded : .succeeded)
    }

    fileprivate mutating func statedDocument(
        _ kind: Movement.Kind, _ name: SourceName
    ) throws(Rejection) -> PutPayment {
        let status: PutPayment.Status = kind == .payment ? choice(optional: "status") ?? .succeeded : .succeeded
        let record = try record(kind, name, status: status == .succeeded ? .succeeded : .pending)
        return PutPayment(record, status: status)
    }

    private mutating func record(
        _ kind: Movement.Kind, _ name: SourceName, status: NewPaymentStatus
    ) throws(Rejection) -> RecordPayment {
        let amount = money("amount")
        return try RecordPayment(
            name, kind: kind, version: version(), customer: debtor(), brand: id(optional: "brand_id"), amount: amount,
            valueDate: day("value_date"), method: kind == .payment ? choice(optional: "method") ?? .transfer : .other,
            status: status == .succeeded ? .succeeded : .pending,
            shares: shares(of: amount.currency, from: name.source))
    }
}

/// What a payment can be when it is told of for the first time.
enum NewPaymentStatus: String, CaseIterable, Sendable {
    case succeeded, pending
}

/// A payment or a credit note.
struct PaymentResponse: Encodable, Sendable {
    struct Allocation: Encodable, Sendable {
        let invoiceId: ID<Invoice>
        let amount: MoneyResponse
    }

    let id: ID<Payment>
    let customerId: ID<Customer>
    let brandId: ID<Brand>
    let source: String
    let externalId: String
    let version: Int64
    let amount: MoneyResponse
    let unallocated: MoneyResponse
    let status: String
    let method: String
    let valueDate: Day
    let recordedAt: Instant
    let allocations: [Allocation]
    let messages: [CrossedMessageResponse]

    /// With what the first answer said.
    init(_ record: PaymentRecord) throws {
        self.init(record, try Crossing(record.answer))
    }

    init(_ record: PaymentRecord, _ crossing: Crossing) {
        let currency = record.amount.currency
        id = record.id
        customerId = record.customer
        brandId = record.brand
        source = record.name.source
        externalId = record.name.externalID
        version = record.version
        amount = MoneyResponse(record.amount)
        unallocated = MoneyResponse(Money(minor: record.unallocated, currency: currency))
        status = record.status.rawValue
        method = record.method.rawValue
        valueDate = record.valueDate
        recordedAt = record.recordedAt
        allocations = record.shares.map {
            Allocation(
                invoiceId: $0.invoice, amount: MoneyResponse(Money(minor: $0.amount, currency: currency)))
        }
        messages = CrossedMessageResponse.all(crossing)
    }
}

struct PaymentPutResponse: Encodable, Sendable {
    let outcome: String
    let payment: PaymentResponse
}
