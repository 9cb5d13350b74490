package import Dunning
package import Postgres
import Store

/// The tenant's own systems tell what happened to a customer: steps of its cases that answer this event are planned, and those
/// that wait for it go on.
package struct TellCases: Sendable {
    let customer: ID<Customer>
    package let name: String

    /// - Parameter name: as workflows say it after `api:`; 1 to 64 of a-z, 0-9 and _.
    package init(_ customer: ID<Customer>, name: String) throws(Rejection) {
        try Word.check(name, at: "/name")
        self.customer = customer
        self.name = name
    }

    package func run(in tx: inout Transaction, _ context: Context) throws {
        try tx.keepNamed(customer)
        try tx.record([(customer: customer, kind: .api(name))], at: context.now)
        try tx.audit(
            context, action: "customer.event", subject: customer.uuid, customer: customer, detail: ["name": name])
        try PlanCases.replan(customers: [customer], cause: "event", in: &tx, context)
    }
}
