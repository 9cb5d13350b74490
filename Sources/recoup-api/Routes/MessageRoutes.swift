import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let messages: [Route] = [
        .tenant(.get, "/v1/messages", query: ["limit", "cursor", "customer_id", "invoice_id", "state"]) { call in
            let page: Page<Message> = try call.query.page()
            let customer = try call.query.id("customer_id", Customer.self)
            let invoice = try call.query.id("invoice_id", Invoice.self)
            let state: MessageState? = try call.query.choice("state")
            let records = try await call.read {
                try $0.messages(
                    customer: customer, invoice: invoice, state: state, before: page.before, count: page.count)
            }
            return .page(page, records, id: \.id, MessageResponse.init)
        },
        .tenant(.get, "/v1/messages/{id}") { call in
            let id = try call.id(Message.self, "message")
            return .ok(MessageDetailResponse(try await call.find("message") { try $0.message(id) }))
        },
        .tenant(.post, "/v1/messages/{id}/decide") { call in
            let id = try call.id(Message.self, "message")
            let decide = try await call.body { fields in
                try DecideUnknown(
                    id, fields.choice("decision", of: DecideUnknown.Decision.self),
                    note: fields.line(optional: "note", upTo: 500))
            }
            return .ok(
                MessageDetailResponse(
                    try await call.write { tx, context in
                        try decide.run(in: &tx, context)
                        guard let detail = try tx.message(id) else { throw Rejection.notFound("message") }
                        return detail
                    }))
        },
    ]

    /// Why something was sent, skipped or waits.
    static let explanations: [Route] = [
        .tenant(.get, "/v1/customers/{id}/why") { call in
            let (id, context) = (try call.id(Customer.self, "customer"), call.operation)
            return .ok(try await call.read { try Explain.customer(id, in: &$0, context) })
        },
        .tenant(.get, "/v1/invoices/{id}/why") { call in
            let (id, context) = (try call.id(Invoice.self, "invoice"), call.operation)
            return .ok(try await call.read { try Explain.invoice(id, in: &$0, context) })
        },
        .tenant(.get, "/v1/messages/{id}/why") { call in
            let (id, context) = (try call.id(Message.self, "message"), call.operation)
            return .ok(try await call.read { try Explain.message(id, in: &$0, context) })
        },
    ]
}

struct MessageResponse: Encodable, Sendable {
    let id: ID<Message>
    let customerId: ID<Customer>
    let brandId: ID<Brand>
    let contactId: ID<Contact>
    let gatewayId: ID<Gateway>
    let channel: String
    let address: String
    let stage: Int
    let tier: String
    let state: String
    let locale: LanguageTag
    let subject: String
    let crossed: Bool
    let attempts: Int
    let armedAt: Instant
    @OrNull var settledAt: Instant?
    @OrNull var reply: String?
    /// What the gateway reported after it took the message.
    @OrNull var delivery: String?
    let createdAt: Instant

    init(_ record: MessageRecord) {
        id = record.id
        customerId = record.customer
        brandId = record.brand
        contactId = record.contact
        gatewayId = record.gateway
        channel = record.channel
        address = record.address
        stage = record.stage
        tier = record.tier.rawValue
        state = record.state
        locale = record.locale
        subject = record.subject
        crossed = record.isCrossed
        attempts = record.attempts
        armedAt = record.armedAt
        settledAt = record.settledAt
        reply = record.reply
        delivery = record.delivery
        createdAt = record.createdAt
    }
}

/// A message with what it said and how it travelled.
struct MessageDetailResponse: Encodable, Sendable {
    struct Line: Encodable, Sendable {
        let invoiceId: ID<Invoice>
        let number: String
        let open: MoneyResponse
        let daysOverdue: Int
    }

    struct Try: Encodable, Sendable {
        let id: ID<Attempt>
        let number: Int
        let armedAt: Instant
        @OrNull var finishedAt: Instant?
        @OrNull var outcome: String?
        @OrNull var code: Int?
        @OrNull var reply: String?
    }

    let message: MessageResponse
    let text: String
    let html: String
    let lines: [Line]
    let tries: [Try]

    init(_ detail: MessageDetail) {
        message = MessageResponse(detail.record)
        text = detail.text
        html = detail.html
        lines = detail.lines.map {
            Line(
                invoiceId: $0.invoice, number: $0.number, open: MoneyResponse($0.open), daysOverdue: $0.daysOverdue)
        }
        tries = detail.tries.map {
            Try(
                id: $0.id, number: $0.number, armedAt: $0.armedAt, finishedAt: $0.finishedAt, outcome: $0.outcome,
                code: $0.code, reply: $0.reply)
        }
    }
}
