package import Dunning
package import Postgres

/// Who owes, as shown.
package struct CustomerRecord: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable, PostgresValue {
        case business, consumer
    }

    package let id: ID<Customer>
    package let externalID: String
    package var name: String
    package let kind: Kind
    /// Where the customer lives, unless a contact says otherwise; the brand's zone where neither does.
    package var zone: Zone?
    /// What messages are written in, if a text in it exists; the brand's where it is missing.
    package var locale: LanguageTag?
    /// What the customer's new cases follow, before brand and tenant.
    package var workflow: ID<Workflow>?
    package var traits: CustomerTraits
    /// Who has all that this one had; nil for a customer that stands for itself.
    package let mergedInto: ID<Customer>?
    package let mergedAt: Instant?
    package let createdAt: Instant
    package let updatedAt: Instant

    /// A customer that is not stored yet.
    package init(
        id: ID<Customer>, externalID: String, name: String, kind: Kind, zone: Zone?, locale: LanguageTag?,
        workflow: ID<Workflow>?, traits: CustomerTraits = CustomerTraits(), at instant: Instant
    ) {
        self.id = id
        self.externalID = externalID
        self.name = name
        self.kind = kind
        self.zone = zone
        self.locale = locale
        self.workflow = workflow
        self.traits = traits
        mergedInto = nil
        mergedAt = nil
        createdAt = instant
        updatedAt = instant
    }

    init(_ row: Row) throws(PostgresError) {
        id = try row("customer_id")
        externalID = try row("external_id")
        name = try row("name")
        kind = try row("kind")
        zone = try row.optional("zone")
        locale = try row.locale("locale")
        workflow = try row.optional("workflow_id")
        traits = try CustomerTraits(row)
        mergedInto = try row.optional("merged_into")
        mergedAt = try row.optional("merged_at")
        createdAt = try row("created_at")
        updatedAt = try row("updated_at")
    }
}

extension CustomerTraits {
    init(_ row: Row) throws(PostgresError) {
        let attributes: JSONText = try row("attributes")
        self.init(
            country: try row.optional("country"), owner: try row.optional("owner"),
            exclusion: try row.optional("exclusion"), attributes: try attributes.attributes(),
            riskBand: try row.optional("risk_band"), collectionMethod: try row.optional("collection_method"))
    }
}

extension Transaction {
    /// Whether the customer was stored: `false` when its external id is taken.
    package mutating func insert(_ customer: CustomerRecord, request: JSONText) throws(PostgresError) -> Bool {
        try run(
            "customer_add", tenantID, customer.id, customer.externalID, customer.name, customer.kind, customer.zone,
            customer.locale, customer.workflow, customer.traits.country, customer.traits.owner,
            customer.traits.exclusion, JSONText(customer.traits.attributes), customer.traits.riskBand,
            customer.traits.collectionMethod, request, customer.createdAt) > 0
    }

    package mutating func customer(_ id: ID<Customer>) throws(PostgresError) -> CustomerRecord? {
        try first("customer_by_id", tenantID, id).map { row throws(PostgresError) in try CustomerRecord(row) }
    }

    /// The customer with this external id, and whether this very request made it.
    package mutating func customer(
        externalID: String, request: JSONText
    ) throws(PostgresError) -> (record: CustomerRecord, isSame: Bool)? {
        guard let row = try first("customer_by_external_id", tenantID, externalID, request) else { return nil }
        return (try CustomerRecord(row), try row("is_same"))
    }

    /// - Parameter externalID: only the one of this name.
    package mutating func customers(
        _ page: Page<Customer>, externalID: String? = nil
    ) throws(PostgresError) -> [CustomerRecord] {
        try rows("customer_page", tenantID, externalID, page.before, page.count)
            .map { row throws(PostgresError) in try CustomerRecord(row) }
    }

    /// Who goes by this name now: that of a customer that was merged leads to the one that stayed.
    package mutating func customer(named externalID: String) throws(PostgresError) -> ID<Customer>? {
        try first("customer_known", tenantID, externalID).map { row throws(PostgresError) in try row("customer_id") }
    }

    /// The customer, and nobody else changes it until this transaction ends. Not the lock of its cases.
    package mutating func lockedCustomer(_ id: ID<Customer>) throws(PostgresError) -> CustomerRecord? {
        guard try first("customer_lock", tenantID, id) != nil else { return nil }
        return try customer(id)
    }

    package mutating func setOwner(
        of customer: ID<Customer>, to owner: String?, at instant: Instant
    ) throws(PostgresError) {
        try must("customer_set_owner", tenantID, customer, owner, instant)
    }

    package mutating func update(_ customer: CustomerRecord, at instant: Instant) throws(PostgresError) {
        try must(
            "customer_change", tenantID, customer.id, customer.name, customer.zone, customer.locale, customer.workflow,
            customer.traits.country, customer.traits.owner, customer.traits.exclusion,
            JSONText(customer.traits.attributes), customer.traits.riskBand, customer.traits.collectionMethod, instant)
    }
}
