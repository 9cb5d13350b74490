import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let caseEvents: [Route] = [
        .tenant(.post, "/v1/customers/{id}/events") { call in
            let id = try call.id(Customer.self, "customer")
            let tell = try await call.body { try TellCases(id, name: $0.line("name", upTo: 64)) }
            try await call.write { try tell.run(in: &$0, $1) }
            return .ok(ToldResponse(customerId: id, name: tell.name))
        },
        .tenant(.post, "/v1/cases/{id}/start") { call in
            let id = try call.id(Enrolment.self, "case")
            let start = try await call.body { StartStep(id, key: $0.line("step", upTo: 40)) }
            let step = try await call.write { try start.run(in: &$0, $1) }
            return .accepted(StartedResponse(caseId: id, step: start.key, dueAt: step?.dueAt))
        },
        .tenant(.get, "/v1/customers/{id}/in_app", query: ["limit", "cursor"]) { call in
            let id = try call.id(Customer.self, "customer")
            let page: Page<InApp> = try call.query.page()
            let records = try await call.find("customer") { tx in
                try tx.customerExists(id) ? tx.inApp(page, of: id) : nil
            }
            return .page(page, records, id: \.id, InAppResponse.init)
        },
    ]
}

struct ToldResponse: Encodable, Sendable {
    let customerId: ID<Customer>
    let name: String
}

struct StartedResponse: Encodable, Sendable {
    let caseId: ID<Enrolment>
    let step: String
    /// Null where something comes before it.
    @OrNull var dueAt: Instant?

    init(caseId: ID<Enrolment>, step: String, dueAt: Instant?) {
        self.caseId = caseId
        self.step = step
        self.dueAt = dueAt
    }
}

struct InAppResponse: Encodable, Sendable {
    let id: ID<InApp>
    let customerId: ID<Customer>
    let caseId: ID<Enrolment>
    let brandId: ID<Brand>
    let stage: Int
    let locale: String
    let subject: String
    let text: String
    let html: String
    let createdAt: Instant

    init(_ record: InAppRecord) {
        id = record.id
        customerId = record.customer
        caseId = record.enrolment
        brandId = record.brand
        stage = record.stage
        locale = record.locale
        subject = record.subject
        text = record.text
        html = record.html
        createdAt = record.createdAt
    }
}
