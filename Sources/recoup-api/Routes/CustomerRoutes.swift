import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let customers: [Route] = [
        .tenant(.post, "/v1/customers") { call in
            let create = try await call.body { try $0.newCustomer() }
            let (record, isNew) = try await call.write { try create.run(in: &$0, $1) }
            return .made(CustomerResponse(record), isNew: isNew)
        },
        .batch(
            "/v1/customers/batch", hasSource: false, reading: { fields, _ in try fields.newCustomer() }
        ) { create, tx, context in
            let (record, isNew) = try create.run(in: &tx, context)
            return (record.id.description, isNew)
        },
        .tenant(.get, "/v1/customers", query: ["limit", "cursor", "external_id"]) { call in
            let page: Page<Customer> = try call.query.page()
            let name = call.query.text("external_id")
            let records = try await call.read { try $0.customers(page, externalID: name) }
            return .page(page, records, id: \.id, CustomerResponse.init)
        },
        .tenant(.put, "/v1/customers/{id}") { call in
            let name = try call.externalName()
            let put = try await call.body { fields in
                try PutCustomer(
                    externalID: name, name: fields.line("name", upTo: 200), kind: fields.choice(optional: "kind"),
                    zone: fields.change("zone") { $0.zone(optional: $1) },
                    locale: fields.change("locale") { $0.locale(optional: $1) },
                    workflow: fields.change("workflow_id") { $0.id(optional: $1) }, traits: fields.traits())
            }
            let (customer, outcome) = try await call.write { try put.run(in: &$0, $1) }
            return .made(
                CustomerPutResponse(outcome: outcome.rawValue, customer: CustomerResponse(customer)),
                isNew: outcome == .created)
        },
        .tenant(.get, "/v1/customers/{id}") { call in
            let id = try call.id(Customer.self, "customer")
            return .ok(CustomerResponse(try await call.find("customer") { try $0.customer(id) }))
        },
        .tenant(.patch, "/v1/customers/{id}") { call in
            let id = try call.id(Customer.self, "customer")
            let update = try await call.body { fields in
                try UpdateCustomer(
                    id,
                    name: fields.change("name") { $0.line($1, upTo: 200) },
                    zone: fields.change("zone") { $0.zone(optional: $1) },
                    locale: fields.change("locale") { $0.locale(optional: $1) },
                    workflow: fields.change("workflow_id") { $0.id(optional: $1) }, traits: fields.traits())
            }
            return .ok(CustomerResponse(try await call.write { try update.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/customers/{id}/merge") { call in
            let id = try call.id(Customer.self, "customer")
            let merge = try await call.body { fields in try MergeCustomers(id, into: fields.id("into")) }
            let (customer, answer, _) = try await call.write { try merge.run(in: &$0, $1) }
            return .ok(MergeResponse(answer, customer))
        },
        .tenant(.get, "/v1/customers/{id}/cases", query: ["format"]) { call in
            let id = try call.id(Customer.self, "customer")
            let cases = try await call.find("customer") { tx in
                try tx.customerExists(id) ? try tx.cases(of: id) : nil
            }
            return .ok(ListResponse(data: cases.map(CaseResponse.init)))
        },
    ]
}

extension Fields {
    fileprivate mutating func newCustomer() throws(Rejection) -> CreateCustomer {
        try CreateCustomer(
            externalID: line("external_id", upTo: 200), name: line("name", upTo: 200),
            kind: choice(optional: "kind") ?? .business, zone: zone(optional: "zone"),
            locale: locale(optional: "locale"), workflow: id(optional: "workflow_id"), traits: traits())
    }

    /// What workflows are chosen by.
    fileprivate mutating func traits() throws(Rejection) -> TraitChanges {
        try TraitChanges(
            country: change("country") {
                $0.value(optional: $1, "bad_country", CountryCode.form) { CountryCode.isKnown($0) ? $0 : nil }
            },
            owner: change("owner") { $0.line(optional: $1, upTo: 200) },
            exclusion: change("exclusion") { $0.line(optional: $1, upTo: 64) },
            attributes: attributes(optional: "attributes"),
            riskBand: change("risk_band") { $0.choice(optional: $1) },
            collectionMethod: change("collection_method") { $0.choice(optional: $1) })
    }
}

struct CustomerResponse: Encodable, Sendable {
    let id: ID<Customer>
    let externalId: String
    let name: String
    let kind: String
    @OrNull var zone: String?
    @OrNull var locale: LanguageTag?
    @OrNull var workflowId: ID<Workflow>?
    @OrNull var country: String?
    @OrNull var owner: String?
    /// Why it is never reminded.
    @OrNull var exclusion: String?
    let attributes: DocumentResponse
    @OrNull var riskBand: String?
    @OrNull var collectionMethod: String?
    /// Who has all that it had.
    @OrNull var mergedInto: ID<Customer>?
    @OrNull var mergedAt: Instant?
    let createdAt: Instant
    let updatedAt: Instant

    init(_ record: CustomerRecord) {
        id = record.id
        externalId = record.externalID
        name = record.name
        kind = record.kind.rawValue
        zone = record.zone?.identifier
        locale = record.locale
        workflowId = record.workflow
        country = record.traits.country
        owner = record.traits.owner
        exclusion = record.traits.exclusion
        attributes = DocumentResponse(
            .map(record.traits.attributes.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.document) }))
        riskBand = record.traits.riskBand?.rawValue
        collectionMethod = record.traits.collectionMethod?.rawValue
        mergedInto = record.mergedInto
        mergedAt = record.mergedAt
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }
}

struct CustomerPutResponse: Encodable, Sendable {
    let outcome: String
    let customer: CustomerResponse
}

struct MergeResponse: Encodable, Sendable {
    let customer: CustomerResponse
    let casesMoved: [ID<Enrolment>]
    let casesClosed: [ID<Enrolment>]
    let messagesUnderWay: [ID<Message>]

    init(_ answer: MergeCustomers.Answer, _ customer: CustomerRecord) {
        self.customer = CustomerResponse(customer)
        casesMoved = answer.moved
        casesClosed = answer.closed
        messagesUnderWay = answer.underWay
    }
}

struct CaseResponse: Encodable, Sendable {
    let id: ID<Enrolment>
    let brandId: ID<Brand>
    let currency: Currency
    let track: String
    let status: String
    @OrNull var exitReason: String?
    let stage: Int
    let cycle: Int
    @OrNull var position: String?
    @OrNull var nextStep: String?
    @OrNull var nextDueAt: Instant?
    let openedAt: Instant
    @OrNull var closedAt: Instant?

    init(_ record: CaseRecord) {
        id = record.id
        brandId = record.brand
        currency = record.currency
        track = record.track
        status = record.status.rawValue
        exitReason = record.exitReason?.rawValue
        stage = record.stage
        cycle = record.cycle
        position = record.position
        nextStep = record.nextStep
        nextDueAt = record.nextDueAt
        openedAt = record.openedAt
        closedAt = record.closedAt
    }
}
