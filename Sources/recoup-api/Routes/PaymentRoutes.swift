import Dunning
import Foundation
import HTTPTypes
import Operations
import Postgres
import Store

extension Route {
    static let payments: [Route] = [
        .tenant(.post, "/v1/payments") { call in
            let record = try await call.body { try $0.payment() }
            let (payment, answer, isNew) = try await call.write { try record.run(in: &$0, $1) }
            return .made(PaymentResponse(payment, answer), isNew: isNew)
        },
        .tenant(.get, "/v1/payments", query: ["limit", "cursor", "customer_id"]) { call in
            let page: Page<Payment> = try call.query.page()
            let customer = try call.query.id("customer_id", Customer.self)
            let records = try await call.read {
                try $0.payments(customer: customer, before: page.before, count: page.count)
            }
            return try .page(page, records, id: \.id) { try PaymentResponse($0) }
        },
        .tenant(.get, "/v1/payments/{id}") { call in
            let id = try call.id(Payment.self, "payment")
            let record = try await call.find("payment") { try $0.payment(id) }
            return .ok(try PaymentResponse(record))
        },
    ]
}

extension Fields {
    fileprivate mutating func payment() throws(Rejection) -> RecordPayment {
        let amount = money("amount")
        let shares = has("allocations") ? objects("allocations", upTo: 1_000) { $0.share(of: amount.currency) } : nil
        return try RecordPayment(
            externalID: line("external_id", upTo: 200), customer: id("customer_id"), brand: id(optional: "brand_id"),
            amount: amount, valueDate: day("value_date"), method: choice(optional: "method") ?? .transfer,
            status: choice(optional: "status") ?? .succeeded, shares: shares)
    }

    private mutating func share(of currency: Currency) -> InvoiceShare {
        let invoice = id("invoice_id", Invoice.self)
        let amount = money("amount")
        if amount.currency != currency {
            refuse("amount", "wrong_currency", "must be in the currency of the payment, \(currency.code)")
        }
        return InvoiceShare(invoice: invoice, amount: amount.minor)
    }
}

struct PaymentResponse: Encodable, Sendable {
    struct Allocation: Encodable, Sendable {
        let invoiceId: ID<Invoice>
        let amount: MoneyResponse
    }

    /// A message that asked for what was paid and may have gone out.
    struct Message: Encodable, Sendable {
        let id: ID<Dunning.Message>
        let state: String
        let armedAt: Instant
    }

    let id: ID<Payment>
    let customerId: ID<Customer>
    let brandId: ID<Brand>
    let externalId: String
    let amount: MoneyResponse
    let unallocated: MoneyResponse
    let status: String
    let method: String
    let valueDate: Day
    let recordedAt: Instant
    let allocations: [Allocation]
    let messages: [Message]

    /// With what the first answer said.
    init(_ record: PaymentRecord) throws {
        let answer = try record.answer.map {
            try JSONDecoder().decode(RecordPayment.Answer.self, from: Data($0.text.utf8))
        }
        self.init(record, answer)
    }

    init(_ record: PaymentRecord, _ answer: RecordPayment.Answer?) {
        let currency = record.amount.currency
        id = record.id
        customerId = record.customer
        brandId = record.brand
        externalId = record.name.externalID
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
        messages = (answer?.messages ?? []).map { Message(id: $0.id, state: $0.state, armedAt: $0.armedAt) }
    }
}
