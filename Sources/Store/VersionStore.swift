package import Dunning
package import Postgres

extension Transaction {
    /// How many customers have open cases under any version of a workflow.
    package mutating func customersFollowing(_ workflow: ID<Workflow>) throws(PostgresError) -> Int {
        try row("workflow_following", tenantID, workflow)("customers")
    }

    /// A version and all before it, by number; nothing for one that is not there.
    package mutating func versions(
        upTo version: ID<WorkflowVersion>
    ) throws(PostgresError) -> [ID<WorkflowVersion>: Int] {
        var numbers: [ID<WorkflowVersion>: Int] = [:]
        for row in try rows("workflow_versions_up_to", tenantID, version) {
            numbers[try row("workflow_version_id")] = try row("number")
        }
        return numbers
    }

    /// Customers with cases under a version older than this one, none of them on the wire.
    package mutating func customersToMove(
        to version: ID<WorkflowVersion>, count: Int
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("workflow_to_move", tenantID, version, count)
            .map { row throws(PostgresError) in try row("customer_id") }
    }

    package mutating func hasCasesToMove(to version: ID<WorkflowVersion>) throws(PostgresError) -> Bool {
        try row("workflow_left_behind", tenantID, version)("is_any")
    }

    /// Locked cases follow this version from now on.
    package mutating func follow(
        _ version: ID<WorkflowVersion>, _ cases: [ID<Enrolment>]
    ) throws(PostgresError) {
        guard !cases.isEmpty else { return }
        try run("workflow_follow", tenantID, cases, version)
    }
}
