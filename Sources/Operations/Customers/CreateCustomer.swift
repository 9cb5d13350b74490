package import Dunning
package import Postgres
package import Store

/// Makes a customer, once: the same request again finds what the first one made.
package struct CreateCustomer: Sendable {
    let externalID: String
    let name: String
    let kind: CustomerRecord.Kind
    let zone: Zone?
    let locale: LanguageTag?
    let workflow: ID<Workflow>?
    let traits: CustomerTraits

    package init(
        externalID: String, name: String, kind: CustomerRecord.Kind = .business, zone: Zone? = nil,
        locale: LanguageTag? = nil, workflow: ID<Workflow>? = nil, traits: TraitChanges = .none
    ) throws(Rejection) {
        try TextRule.line(upTo: 200).check(externalID, at: "/external_id")
        try TextRule.line(upTo: 200).check(name, at: "/name")
        self.externalID = externalID
        self.name = name
        self.kind = kind
        self.zone = zone
        self.locale = locale
        self.workflow = workflow
        self.traits = try traits.applied(to: CustomerTraits())
    }

    /// `isNew` is false for a repetition. Throws ``Rejection/conflict(noun:identifier:)`` for the same external id with
    /// another content; a customer changed since is still the one its first request made.
    package func run(
        in tx: inout Transaction, _ context: Context
    ) throws -> (customer: CustomerRecord, isNew: Bool) {
        if let workflow { try tx.checkExists(workflow) }
        let customer = CustomerRecord(
            id: .make(at: context.now), externalID: externalID, name: name, kind: kind, zone: zone, locale: locale,
            workflow: workflow, traits: traits, at: context.now)
        guard try tx.insert(customer, request: request) else {
            guard let (stored, isSame) = try tx.customer(externalID: externalID, request: request), isSame else {
                throw Rejection.conflict(noun: "customer", identifier: externalID)
            }
            return (try tx.stayed(stored), false)
        }
        try tx.audit(
            context, action: "customer.created", subject: customer.id.uuid, customer: customer.id,
            detail: ["external_id": externalID])
        return (customer, true)
    }

    private var request: JSONText {
        CanonicalRequest.json([
            "external_id": externalID, "name": name, "kind": kind.rawValue, "zone": zone?.identifier,
            "locale": locale?.text, "workflow_id": workflow?.description, "country": traits.country,
            "owner": traits.owner, "exclusion": traits.exclusion, "risk_band": traits.riskBand?.rawValue,
            "collection_method": traits.collectionMethod?.rawValue,
            "attributes": traits.attributes.isEmpty ? nil : JSONText(traits.attributes).text,
        ])
    }
}

extension Transaction {
    /// The customer itself, or the one it was merged into.
    mutating func stayed(_ record: CustomerRecord) throws -> CustomerRecord {
        guard let other = record.mergedInto else { return record }
        guard let stayed = try customer(other) else { preconditionFailure("customers are never deleted") }
        return stayed
    }

    /// Throws ``Rejection`` for a workflow that is not this tenant's, at the field that named it.
    mutating func checkExists(_ workflow: ID<Workflow>) throws {
        guard try self.workflow(workflow) != nil else {
            throw Rejection.invalid("/workflow_id", "unknown_workflow", "there is no such workflow")
        }
    }
}
