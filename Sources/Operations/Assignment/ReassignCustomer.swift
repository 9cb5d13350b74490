package import Dunning
package import Postgres
package import Store

/// Gives the cases of one customer the workflow they should have by now: a pin or a rule has changed.
package struct ReassignCustomer: Sendable {
    let customer: ID<Customer>

    package init(_ customer: ID<Customer>) { self.customer = customer }

    /// Throws ``Rejection/forbiddenByState(code:detail:)`` while a message of the customer is on the wire.
    package func run(in tx: inout Transaction, _ context: Context) throws -> ReassignmentCounts {
        try tx.keepNamed(customer)
        let result = try ReassignCases(entry: .firstStage, isDryRun: false, cause: "reassigned").run(
            [customer], in: &tx, context)
        guard result.busy == nil else {
            throw Rejection.forbiddenByState(
                code: "message_on_the_wire", detail: "A message to the customer is being sent; ask again in a minute.")
        }
        return result.counts
    }
}
