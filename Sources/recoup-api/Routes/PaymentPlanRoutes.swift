import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    /// Instalments by agreement.
    static let paymentPlans: [Route] = [
        .tenant(.post, "/v1/payment_plans") { call in
            let make = try await call.body { fields in
                try MakePlan(
                    about: fields.ids("invoices", upTo: 1_000),
                    parts: fields.objects("instalments", upTo: MakePlan.limit) { fields in
                        (dueOn: fields.day("due_on"), amount: fields.money("amount"))
                    }, note: fields.lines(optional: "note", upTo: 2_000) ?? "")
            }
            return .created(PaymentPlanResponse(try await call.write { try make.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/payment_plans", query: ["limit", "cursor", "customer_id", "state"]) { call in
            let page: Page<PaymentPlan> = try call.query.page()
            let customer = try call.query.id("customer_id", Customer.self)
            let state = try call.query.choice("state", of: PaymentPlanRecord.State.self)
            let records = try await call.read { try $0.plans(page, of: customer, in: state) }
            return .page(page, records, id: \.id, PaymentPlanResponse.init)
        },
        .tenant(.get, "/v1/payment_plans/{id}") { call in
            let id = try call.id(PaymentPlan.self, "payment_plan")
            return .ok(PaymentPlanResponse(try await call.find("payment_plan") { try $0.plan(id) }))
        },
        .tenant(.post, "/v1/payment_plans/{id}/cancel") { call in
            let cancel = CancelPlan(try call.id(PaymentPlan.self, "payment_plan"))
            try await call.body { _ in }
            return .ok(PaymentPlanResponse(try await call.write { try cancel.run(in: &$0, $1) }))
        },
    ]
}

struct PaymentPlanResponse: Encodable, Sendable {
    struct Part: Encodable, Sendable {
        let dueOn: Day
        let amount: MoneyResponse
    }

    let id: ID<PaymentPlan>
    let customerId: ID<Customer>
    let brandId: ID<Brand>
    let state: String
    let invoices: [ID<Invoice>]
    let instalments: [Part]
    let madeOn: Day
    /// When the next instalment is looked at; null once the plan has ended.
    @OrNull var checkAt: Instant?
    let note: String
    let createdAt: Instant
    @OrNull var endedAt: Instant?

    init(_ record: PaymentPlanRecord) {
        id = record.id
        customerId = record.key.customer
        brandId = record.key.brand
        state = record.state.rawValue
        invoices = record.invoices
        instalments = record.parts.map {
            Part(
                dueOn: $0.dueOn, amount: MoneyResponse(Money(minor: $0.amount, currency: record.key.currency)))
        }
        madeOn = record.madeOn
        checkAt = record.checkAt
        note = record.note
        createdAt = record.createdAt
        endedAt = record.endedAt
    }
}
