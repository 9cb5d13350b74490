package import Dunning
package import Postgres
import Store

/// Puts a collector in charge of a customer, as a step of a workflow does; nil takes them away. Lock the customer's cases
/// before.
package struct AssignOwner: Sendable {
    let customer: ID<Customer>
    let owner: String?

    package init(_ owner: String?, of customer: ID<Customer>) {
        self.owner = owner
        self.customer = customer
    }

    package func run(in tx: inout Transaction, _ context: Context) throws {
        try tx.setOwner(of: customer, to: owner, at: context.now)
        try tx.audit(context, action: "customer.owner", subject: customer.uuid, customer: customer)
    }
}
