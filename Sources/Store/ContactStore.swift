package import Dunning
package import Postgres

/// Whom to write to at a customer.
package struct ContactRecord: Sendable, Equatable {
    package enum Role: String, Sendable, CaseIterable, PostgresValue {
        case billing, manager, legal
    }

    package let id: ID<Contact>
    package let customer: ID<Customer>
    package var role: Role
    package var name: String
    package var email: EmailAddress?
    /// For text messages.
    package var phone: PhoneNumber?
    /// Decides the hour at which this person may be written to.
    package var zone: Zone?
    package var hasOptedOut: Bool
    /// Why the address gets nothing any more, such as a hard bounce.
    package let suppressedReason: String?
    /// Why the number gets nothing any more, such as a STOP.
    package let phoneSuppressedReason: String?
    package let createdAt: Instant
    package let updatedAt: Instant

    /// A contact that is not stored yet.
    package init(
        id: ID<Contact>, customer: ID<Customer>, role: Role, name: String, email: EmailAddress?,
        phone: PhoneNumber? = nil, zone: Zone?, hasOptedOut: Bool, at instant: Instant
    ) {
        self.id = id
        self.customer = customer
        self.role = role
        self.name = name
        self.email = email
        self.phone = phone
        self.zone = zone
        self.hasOptedOut = hasOptedOut
        suppressedReason = nil
        phoneSuppressedReason = nil
        createdAt = instant
        updatedAt = instant
    }

    init(_ row: Row) throws(PostgresError) {
        id = try row("contact_id")
        customer = try row("customer_id")
        role = try row("role")
        name = try row("name")
        email = try row.optional("email")
        phone = try row.optional("phone")
        zone = try row.optional("zone")
        hasOptedOut = try row("opted_out")
        suppressedReason = try row.optional("suppressed_reason")
        phoneSuppressedReason = try row.optional("phone_suppressed_reason")
        createdAt = try row("created_at")
        updatedAt = try row("updated_at")
    }
}

extension Transaction {
    package mutating func insert(_ contact: ContactRecord) throws(PostgresError) {
        try must(
            "contact_add", tenantID, contact.id, contact.customer, contact.role, contact.name, contact.email?.text,
            contact.email.map { AddressKey($0).text }, contact.phone, contact.zone, contact.hasOptedOut,
            contact.createdAt)
    }

    package mutating func contact(_ id: ID<Contact>) throws(PostgresError) -> ContactRecord? {
        try first("contact_by_id", tenantID, id).map { row throws(PostgresError) in try ContactRecord(row) }
    }

    package mutating func contacts(
        of customer: ID<Customer>, _ page: Page<Contact>
    ) throws(PostgresError) -> [ContactRecord] {
        try rows("contact_page", tenantID, customer, page.before, page.count)
            .map { row throws(PostgresError) in try ContactRecord(row) }
    }

    /// Another address frees the contact of a suppression.
    package mutating func update(_ contact: ContactRecord, at instant: Instant) throws(PostgresError) {
        try must(
            "contact_change", tenantID, contact.id, contact.role, contact.name, contact.email?.text,
            contact.email.map { AddressKey($0).text }, contact.phone, contact.zone, contact.hasOptedOut, instant)
    }
}
