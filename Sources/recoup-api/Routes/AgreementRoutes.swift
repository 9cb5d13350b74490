import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    /// What was agreed with customers: disputes and promises.
    static let agreements: [Route] = [
        .tenant(.post, "/v1/disputes") { call in
            let open = try await call.body { fields in
                try OpenDispute(
                    about: fields.id("invoice_id"), amount: fields.money(optional: "amount"),
                    reason: fields.line("reason", upTo: 64), note: fields.lines(optional: "note", upTo: 2_000) ?? "")
            }
            let (dispute, isNew) = try await call.write { try open.run(in: &$0, $1) }
            return .made(DisputeResponse(dispute), isNew: isNew)
        },
        .tenant(.get, "/v1/disputes", query: ["limit", "cursor", "customer_id", "invoice_id", "state"]) { call in
            let page: Page<Dispute> = try call.query.page()
            let customer = try call.query.id("customer_id", Customer.self)
            let invoice = try call.query.id("invoice_id", Invoice.self)
            let isOpen = try call.query.choice("state", of: DisputeState.self).map { $0 == .open }
            let records = try await call.read { try $0.disputes(page, of: customer, about: invoice, isOpen: isOpen) }
            return .page(page, records, id: \.id, DisputeResponse.init)
        },
        .tenant(.get, "/v1/disputes/{id}") { call in
            let id = try call.id(Dispute.self, "dispute")
            return .ok(DisputeResponse(try await call.find("dispute") { try $0.dispute(id) }))
        },
        .tenant(.post, "/v1/disputes/{id}/resolve") { call in
            let id = try call.id(Dispute.self, "dispute")
            let resolve = try await call.body { ResolveDispute(id, $0.choice("outcome")) }
            return .ok(DisputeResponse(try await call.write { try resolve.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/promises") { call in
            let make = try await call.body { fields in
                try MakePromise(
                    about: fields.ids("invoices", upTo: 1_000), amount: fields.money(optional: "amount"),
                    dueOn: fields.day("due_on"), note: fields.lines(optional: "note", upTo: 2_000) ?? "")
            }
            let (promise, isNew) = try await call.write { try make.run(in: &$0, $1) }
            return .made(PromiseResponse(promise), isNew: isNew)
        },
        .tenant(.get, "/v1/promises", query: ["limit", "cursor", "customer_id", "invoice_id"]) { call in
            let page: Page<Promise> = try call.query.page()
            let customer = try call.query.id("customer_id", Customer.self)
            let invoice = try call.query.id("invoice_id", Invoice.self)
            let records = try await call.read { try $0.promises(page, of: customer, about: invoice) }
            return .page(page, records, id: \.id, PromiseResponse.init)
        },
        .tenant(.get, "/v1/promises/{id}") { call in
            let id = try call.id(Promise.self, "promise")
            return .ok(PromiseResponse(try await call.find("promise") { try $0.promise(id) }))
        },
        .tenant(.post, "/v1/promises/{id}/cancel") { call in
            let cancel = CancelPromise(try call.id(Promise.self, "promise"))
            try await call.body { _ in }
            return .ok(PromiseResponse(try await call.write { try cancel.run(in: &$0, $1) }))
        },
    ]
}

/// What a list of disputes can be narrowed to.
enum DisputeState: String, CaseIterable, Sendable {
    case open, resolved
}

struct DisputeResponse: Encodable, Sendable {
    let id: ID<Dispute>
    let customerId: ID<Customer>
    let invoiceId: ID<Invoice>
    /// Null: all of the invoice.
    @OrNull var amount: MoneyResponse?
    let reason: String
    let note: String
    let fromDay: Day
    @OrNull var outcome: String?
    let createdAt: Instant
    @OrNull var resolvedAt: Instant?

    init(_ record: DisputeRecord) {
        id = record.id
        customerId = record.customer
        invoiceId = record.invoice
        amount = record.amount.map(MoneyResponse.init)
        reason = record.reason
        note = record.note
        fromDay = record.from
        outcome = record.outcome?.rawValue
        createdAt = record.createdAt
        resolvedAt = record.resolvedAt
    }
}

struct PromiseResponse: Encodable, Sendable {
    let id: ID<Promise>
    let customerId: ID<Customer>
    let brandId: ID<Brand>
    let invoices: [ID<Invoice>]
    let amount: MoneyResponse
    let madeOn: Day
    let dueOn: Day
    @OrNull var cancelledOn: Day?
    @OrNull var cancelReason: String?
    /// False: too many were broken before, and it holds nothing back.
    let pauses: Bool
    /// Null until its day and grace have passed.
    @OrNull var standing: String?
    @OrNull var judgedAt: Instant?
    let note: String
    let createdAt: Instant

    init(_ record: PromiseRecord) {
        id = record.id
        customerId = record.customer
        brandId = record.brand
        invoices = record.invoices
        amount = MoneyResponse(record.amount)
        madeOn = record.madeOn
        dueOn = record.dueOn
        cancelledOn = record.cancelledOn
        cancelReason = record.cancellation?.rawValue
        pauses = record.pauses
        standing = record.standing?.rawValue
        judgedAt = record.judgedAt
        note = record.note
        createdAt = record.createdAt
    }
}
