/// Which workflow a new case follows: the customer's own, else the brand's, else the tenant's. Says which one won.
package enum Resolve {
    package enum Source: String, Sendable { case customer, brand, tenant }

    package struct Resolved: Sendable, Equatable {
        package let workflow: ID<Workflow>
        package let source: Source
    }

    package static func workflow(
        customer: ID<Workflow>?, brand: ID<Workflow>?, tenant: ID<Workflow>?
    ) -> Resolved? {
        if let customer { return Resolved(workflow: customer, source: .customer) }
        if let brand { return Resolved(workflow: brand, source: .brand) }
        return tenant.map { Resolved(workflow: $0, source: .tenant) }
    }
}
