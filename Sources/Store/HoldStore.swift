package import Dunning
package import Postgres

/// What a hold covers.
package enum HoldScope: Sendable, Hashable {
    case tenant
    case brand(ID<Brand>)
    case customer(ID<Customer>)
    case invoice(ID<Invoice>, of: ID<Customer>)

    package var kind: ActiveHold.Scope {
        switch self {
        case .tenant: .tenant
        case .brand: .brand
        case .customer: .customer
        case .invoice: .invoice
        }
    }

    package var brand: ID<Brand>? {
        if case .brand(let id) = self { id } else { nil }
    }

    /// Whose case it touches; `nil` above single customers.
    package var customer: ID<Customer>? {
        switch self {
        case .customer(let id), .invoice(_, let id): id
        case .tenant, .brand: nil
        }
    }

    package var invoice: ID<Invoice>? {
        if case .invoice(let id, _) = self { id } else { nil }
    }
}

/// A dated reason not to contact, as shown.
package struct HoldRecord: Sendable, Equatable {
    package let id: ID<Hold>
    package let scope: HoldScope
    package let reason: String
    package let note: String
    package let from: Instant
    /// Nil: until somebody releases it.
    package let until: Instant?
    package let releasedAt: Instant?
    package let createdAt: Instant

    /// A hold that is not stored yet.
    package init(
        id: ID<Hold>, scope: HoldScope, reason: String, note: String, from: Instant, until: Instant?,
        at instant: Instant
    ) {
        self.id = id
        self.scope = scope
        self.reason = reason
        self.note = note
        self.from = from
        self.until = until
        releasedAt = nil
        createdAt = instant
    }

    init(_ row: Row) throws(PostgresError) {
        let kind: ActiveHold.Scope = try row("scope")
        switch kind {
        case .tenant: scope = .tenant
        case .brand: scope = .brand(try row("brand_id"))
        case .customer: scope = .customer(try row("customer_id"))
        case .invoice: scope = .invoice(try row("invoice_id"), of: try row("customer_id"))
        }
        id = try row("hold_id")
        reason = try row("reason")
        note = try row("note")
        from = try row("from_at")
        until = try row.optional("until_at")
        releasedAt = try row.optional("released_at")
        createdAt = try row("created_at")
    }
}

extension Transaction {
    package mutating func insert(_ hold: HoldRecord) throws(PostgresError) {
        try must(
            "hold_add", tenantID, hold.id, hold.scope.kind, hold.scope.brand, hold.scope.customer, hold.scope.invoice,
            hold.reason, hold.note, hold.from, hold.until, hold.createdAt)
    }

    package mutating func hold(_ id: ID<Hold>) throws(PostgresError) -> HoldRecord? {
        try first("hold_by_id", tenantID, id).map { row throws(PostgresError) in try HoldRecord(row) }
    }

    /// - Parameters:
    ///   - customer: only this customer's own and its invoices'.
    ///   - inForceAt: only those in force at this instant.
    package mutating func holds(
        _ page: Page<Hold>, of customer: ID<Customer>? = nil, inForceAt: Instant? = nil
    ) throws(PostgresError) -> [HoldRecord] {
        try rows("hold_page", tenantID, page.before, page.count, customer, inForceAt)
            .map { row throws(PostgresError) in try HoldRecord(row) }
    }

    /// Whether the hold was in force until now: `false` when it was released before, or does not exist.
    package mutating func releaseHold(_ id: ID<Hold>, at instant: Instant) throws(PostgresError) -> Bool {
        try run("hold_release", tenantID, id, instant) > 0
    }

    package mutating func customer(of invoice: ID<Invoice>) throws(PostgresError) -> ID<Customer>? {
        try first("hold_customer_of_invoice", tenantID, invoice).map { row throws(PostgresError) in
            try row("customer_id")
        }
    }
}
