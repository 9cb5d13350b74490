package import Dunning
package import Postgres
package import Store

/// Takes in what a source says of one of its customers now: makes it, or brings it up to date. Members left out stay as they
/// are. Of one that was merged into another nothing is taken in: two descriptions of the one that stayed would take turns.
package struct PutCustomer: Sendable {
    let externalID: String
    let name: String
    let kind: CustomerRecord.Kind?
    let zone: Change<Zone?>
    let locale: Change<LanguageTag?>
    let workflow: Change<ID<Workflow>?>
    let traits: TraitChanges

    package init(
        externalID: String, name: String, kind: CustomerRecord.Kind? = nil, zone: Change<Zone?> = .keep,
        locale: Change<LanguageTag?> = .keep, workflow: Change<ID<Workflow>?> = .keep,
        traits: TraitChanges = .none
    ) {
        self.externalID = externalID
        self.name = name
        self.kind = kind
        self.zone = zone
        self.locale = locale
        self.workflow = workflow
        self.traits = traits
    }

    package func run(
        in tx: inout Transaction, _ context: Context
    ) throws -> (customer: CustomerRecord, outcome: Upsert) {
        if let known = try tx.customer(named: externalID) { return try update(known, in: &tx, context) }
        let create = try CreateCustomer(
            externalID: externalID, name: name, kind: kind ?? .business, zone: zone.applied(to: nil),
            locale: locale.applied(to: nil), workflow: workflow.applied(to: nil), traits: traits)
        let (record, isNew) = try create.run(in: &tx, context)
        return (record, isNew ? .created : .unchanged)
    }

    private func update(
        _ known: ID<Customer>, in tx: inout Transaction, _ context: Context
    ) throws -> (customer: CustomerRecord, outcome: Upsert) {
        guard let old = try tx.customer(known) else { preconditionFailure("customers are never deleted") }
        guard old.externalID == externalID else { return (old, .unchanged) }
        guard kind.map({ $0 == old.kind }) ?? true else {
            throw Rejection.forbiddenByState(
                code: "customer_differs", detail: "A business does not become a consumer, nor the other way round.")
        }
        let new = try UpdateCustomer(
            known, name: .to(name), zone: zone, locale: locale, workflow: workflow, traits: traits
        ).run(in: &tx, context)
        return (new, new == old ? .unchanged : .updated)
    }
}
