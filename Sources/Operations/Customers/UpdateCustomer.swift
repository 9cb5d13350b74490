package import Dunning
package import Postgres
package import Store

/// Changes what is known of a customer. Another zone moves the planned steps; another workflow is for the next case, and for
/// open ones when they are reassigned; an exclusion ends them at once.
package struct UpdateCustomer: Sendable {
    let customer: ID<Customer>
    let name: Change<String>
    let zone: Change<Zone?>
    let locale: Change<LanguageTag?>
    let workflow: Change<ID<Workflow>?>
    let traits: TraitChanges

    package init(
        _ customer: ID<Customer>, name: Change<String> = .keep, zone: Change<Zone?> = .keep,
        locale: Change<LanguageTag?> = .keep, workflow: Change<ID<Workflow>?> = .keep, traits: TraitChanges = .none
    ) throws(Rejection) {
        if case .to(let name) = name { try TextRule.line(upTo: 200).check(name, at: "/name") }
        self.customer = customer
        self.name = name
        self.zone = zone
        self.locale = locale
        self.workflow = workflow
        self.traits = traits
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> CustomerRecord {
        // Cases before the customer's own row: the order in which everything else locks, too.
        try tx.keepNamed(customer)
        guard var record = try tx.lockedCustomer(customer) else { throw Rejection.notFound("customer") }
        let old = record
        record.name = name.applied(to: record.name)
        record.zone = zone.applied(to: record.zone)
        record.locale = locale.applied(to: record.locale)
        if case .to(let workflow) = workflow {
            if let workflow { try tx.checkExists(workflow) }
            record.workflow = workflow
        }
        record.traits = try traits.applied(to: record.traits)
        guard record != old else { return old }
        try tx.update(record, at: context.now)
        try tx.audit(
            context, action: "customer.changed", subject: customer.uuid, customer: customer,
            detail: [
                "zone": record.zone?.identifier ?? "", "locale": record.locale?.text ?? "",
                "workflow": record.workflow?.description ?? "", "exclusion": record.traits.exclusion ?? "",
            ])
        // What was not reminded because nothing named a workflow for it, or because it was excluded, may be now.
        if record.zone != old.zone || record.workflow != old.workflow || record.traits != old.traits {
            try PlanCases.replan(customers: [customer], cause: "customer.changed", in: &tx, context)
        }
        guard let stored = try tx.customer(customer) else { preconditionFailure("the customer is locked") }
        return stored
    }
}
