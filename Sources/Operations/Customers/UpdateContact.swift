package import Dunning
package import Postgres
package import Store

/// Changes a contact. Stages stay as they are; the next message goes to the contact as it is then, and a workflow may answer a
/// new address with a letter of its own.
package struct UpdateContact: Sendable {
    let contact: ID<Contact>
    let role: Change<ContactRecord.Role>
    let name: Change<String>
    let email: Change<EmailAddress?>
    let phone: Change<PhoneNumber?>
    let zone: Change<Zone?>
    let hasOptedOut: Change<Bool>

    package init(
        _ contact: ID<Contact>, role: Change<ContactRecord.Role> = .keep, name: Change<String> = .keep,
        email: Change<EmailAddress?> = .keep, phone: Change<PhoneNumber?> = .keep, zone: Change<Zone?> = .keep,
        hasOptedOut: Change<Bool> = .keep
    ) throws(Rejection) {
        if case .to(let name) = name { try TextRule.line(upTo: 200).check(name, at: "/name") }
        self.contact = contact
        self.role = role
        self.name = name
        self.email = email
        self.phone = phone
        self.zone = zone
        self.hasOptedOut = hasOptedOut
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> ContactRecord {
        guard let customer = try tx.contact(contact)?.customer else { throw Rejection.notFound("contact") }
        try PlanCases.lock(customers: [customer], in: &tx)
        // Read again: what was read before the lock may be old.
        guard var record = try tx.contact(contact) else { throw Rejection.notFound("contact") }
        let old = record
        record.role = role.applied(to: record.role)
        record.name = name.applied(to: record.name)
        record.email = email.applied(to: record.email)
        record.phone = phone.applied(to: record.phone)
        record.zone = zone.applied(to: record.zone)
        record.hasOptedOut = hasOptedOut.applied(to: record.hasOptedOut)
        guard record != old else { return old }
        try tx.update(record, at: context.now)
        try tx.audit(
            context, action: "contact.changed", subject: contact.uuid, customer: customer,
            detail: [
                "role": record.role.rawValue, "opted_out": "\(record.hasOptedOut)",
                "email_changed": "\(record.email != old.email)",
                "phone_changed": "\(record.phone != old.phone)", "zone": record.zone?.identifier ?? "",
            ])
        if record.email != old.email || record.phone != old.phone {
            // A case that has sent nothing has nothing to repeat.
            try tx.record([(customer: customer, kind: .contactChanged)], haveSpoken: true, at: context.now)
        }
        try PlanCases.replan(customers: [customer], cause: "contact.changed", in: &tx, context)
        guard let stored = try tx.contact(contact) else { preconditionFailure("contacts are never deleted") }
        return stored
    }
}
