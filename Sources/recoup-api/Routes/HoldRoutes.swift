import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let holds: [Route] = [
        .tenant(.post, "/v1/holds") { call in
            let place = try await call.body { try $0.hold() }
            return .created(HoldResponse(try await call.write { try place.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/holds", query: ["limit", "cursor", "customer_id", "in_force"]) { call in
            let page: Page<Hold> = try call.query.page()
            let customer = try call.query.id("customer_id", Customer.self)
            let isInForce = try call.query.value("in_force", "not_in_list", "must be true") {
                $0 == "true" ? true : nil
            }
            let at = isInForce == true ? call.now : nil
            let records = try await call.read { try $0.holds(page, of: customer, inForceAt: at) }
            return .page(page, records, id: \.id, HoldResponse.init)
        },
        .tenant(.post, "/v1/holds/{id}/release") { call in
            let release = ReleaseHold(try call.id(Hold.self, "hold"))
            return .ok(HoldResponse(try await call.write { try release.run(in: &$0, $1) }))
        },
    ]
}

extension Fields {
    /// The scope says which id there has to be; the others must not be there.
    fileprivate mutating func hold() throws(Rejection) -> PlaceHold {
        let target: PlaceHold.Target =
            switch choice("scope", of: ActiveHold.Scope.self) {
            case .tenant: .tenant
            case .brand: .brand(id("brand_id"))
            case .customer: .customer(id("customer_id"))
            case .invoice: .invoice(id("invoice_id"))
            }
        return try PlaceHold(
            on: target, reason: line("reason", upTo: 64), note: lines(optional: "note", upTo: 2_000) ?? "",
            from: instant(optional: "from"), until: instant(optional: "until"))
    }
}

struct HoldResponse: Encodable, Sendable {
    let id: ID<Hold>
    let scope: String
    @OrNull var brandId: ID<Brand>?
    @OrNull var customerId: ID<Customer>?
    @OrNull var invoiceId: ID<Invoice>?
    let reason: String
    let note: String
    let from: Instant
    @OrNull var until: Instant?
    @OrNull var releasedAt: Instant?
    let createdAt: Instant

    init(_ record: HoldRecord) {
        id = record.id
        scope = record.scope.kind.rawValue
        brandId = record.scope.brand
        customerId = record.scope.customer
        invoiceId = record.scope.invoice
        reason = record.reason
        note = record.note
        from = record.from
        until = record.until
        releasedAt = record.releasedAt
        createdAt = record.createdAt
    }
}
