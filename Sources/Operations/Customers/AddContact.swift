package import Dunning
package import Postgres
package import Store

/// Adds a person to write to. A case that waited for an address goes on.
package struct AddContact: Sendable {
    let customer: ID<Customer>
    let role: ContactRecord.Role
    let name: String
    let email: EmailAddress?
    let phone: PhoneNumber?
    let zone: Zone?
    let hasOptedOut: Bool

    package init(
        to customer: ID<Customer>, role: ContactRecord.Role = .billing, name: String, email: EmailAddress?,
        phone: PhoneNumber? = nil, zone: Zone? = nil, hasOptedOut: Bool = false
    ) throws(Rejection) {
        try TextRule.line(upTo: 200).check(name, at: "/name")
        self.customer = customer
        self.role = role
        self.name = name
        self.email = email
        self.phone = phone
        self.zone = zone
        self.hasOptedOut = hasOptedOut
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> ContactRecord {
        try tx.keepNamed(customer)
        let contact = ContactRecord(
            id: .make(at: context.now), customer: customer, role: role, name: name, email: email, phone: phone,
            zone: zone,
            hasOptedOut: hasOptedOut, at: context.now)
        try tx.insert(contact)
        try tx.audit(
            context, action: "contact.created", subject: contact.id.uuid, customer: customer,
            detail: ["role": role.rawValue, "has_email": "\(email != nil)", "has_phone": "\(phone != nil)"])
        try PlanCases.replan(customers: [customer], cause: "contact.created", in: &tx, context)
        return contact
    }
}
