package import Dunning
package import Postgres

extension Transaction {
    /// How many customers have open cases under any version of a workflow.
    package mutating func customersFollowing(_ workflow: ID<Workflow>) throws(PostgresError) -> Int {
        try row("workflow_following", tenantID, workflow)("customers")
    }

    /// Customers with cases under an older version, none of them on the wire.
    package mutating func customersToMove(
        _ workflow: ID<Workflow>, to version: ID<WorkflowVersion>, count: Int
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("workflow_to_move", tenantID, workflow, version, count)
            .map { row throws(PostgresError) in try row("customer_id") }
    }

    package mutating func hasCasesToMove(
        _ workflow: ID<Workflow>, to version: ID<WorkflowVersion>
    ) throws(PostgresError) -> Bool {
        try row("workflow_left_behind", tenantID, workflow, version)("is_any")
    }

    /// Locked cases follow this version from now on.
    package mutating func follow(
        _ version: ID<WorkflowVersion>, _ cases: [ID<Enrolment>]
    ) throws(PostgresError) {
        guard !cases.isEmpty else { return }
        try run("workflow_follow", tenantID, cases, version)
    }
}
