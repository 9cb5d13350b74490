import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let contacts: [Route] = [
        .tenant(.post, "/v1/customers/{id}/contacts") { call in
            let customer = try call.id(Customer.self, "customer")
            let add = try await call.body { fields in
                try AddContact(
                    to: customer, role: fields.choice(optional: "role") ?? .billing,
                    name: fields.line("name", upTo: 200),
                    email: fields.email(optional: "email"), phone: fields.phone(optional: "phone"),
                    zone: fields.zone(optional: "zone"),
                    hasOptedOut: fields.bool(optional: "opted_out") ?? false)
            }
            return .created(ContactResponse(try await call.write { try add.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/customers/{id}/contacts", query: ["limit", "cursor"]) { call in
            let customer = try call.id(Customer.self, "customer")
            let page: Page<Contact> = try call.query.page()
            let records = try await call.find("customer") { tx in
                try tx.customerExists(customer) ? try tx.contacts(of: customer, page) : nil
            }
            return .page(page, records, id: \.id, ContactResponse.init)
        },
        .tenant(.patch, "/v1/contacts/{id}") { call in
            let id = try call.id(Contact.self, "contact")
            let update = try await call.body { fields in
                try UpdateContact(
                    id,
                    role: fields.change("role") { $0.choice($1) },
                    name: fields.change("name") { $0.line($1, upTo: 200) },
                    email: fields.change("email") { $0.email(optional: $1) },
                    phone: fields.change("phone") { $0.phone(optional: $1) },
                    zone: fields.change("zone") { $0.zone(optional: $1) },
                    hasOptedOut: fields.change("opted_out") { $0.bool($1) })
            }
            return .ok(ContactResponse(try await call.write { try update.run(in: &$0, $1) }))
        },
    ]
}

struct ContactResponse: Encodable, Sendable {
    let id: ID<Contact>
    let customerId: ID<Customer>
    let role: String
    let name: String
    @OrNull var email: String?
    @OrNull var phone: String?
    @OrNull var zone: String?
    let optedOut: Bool
    @OrNull var suppressedReason: String?
    @OrNull var phoneSuppressedReason: String?
    let createdAt: Instant
    let updatedAt: Instant

    init(_ record: ContactRecord) {
        id = record.id
        customerId = record.customer
        role = record.role.rawValue
        name = record.name
        email = record.email?.text
        phone = record.phone?.text
        zone = record.zone?.identifier
        optedOut = record.hasOptedOut
        suppressedReason = record.suppressedReason
        phoneSuppressedReason = record.phoneSuppressedReason
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }
}
