package import Dunning
package import Postgres

/// One run over all who owe that gives each case the workflow it should have.
package struct ReassignmentRecord: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable, PostgresValue { case running, done }

    package let id: ID<Reassignment>
    /// Nothing is changed; what would be is counted.
    package let isDryRun: Bool
    /// The dry run whose counts somebody has seen.
    package let confirms: ID<Reassignment>?
    /// Only cases that follow this workflow; nil for all.
    package let from: ID<Workflow>?
    /// How cases enter that it opens.
    package let entry: EntryPolicy
    package let state: State
    /// How far it has come.
    package let after: ID<Customer>?
    package let counts: ReassignmentCounts
    package let createdAt: Instant
    package let finishedAt: Instant?

    init(_ row: Row) throws(PostgresError) {
        id = try row("reassignment_id")
        isDryRun = try row("dry_run")
        confirms = try row.optional("confirms")
        from = try row.optional("from_workflow_id")
        entry = try row("entry_policy")
        state = try row("state")
        after = try row.optional("after_customer")
        counts = ReassignmentCounts(
            customers: try row("customers"), kept: try row("kept"), moved: try row("moved"),
            opened: try row("opened"), excluded: try row("excluded"))
        createdAt = try row("created_at")
        finishedAt = try row.optional("finished_at")
    }
}

/// What a run did, or a dry run would do.
package struct ReassignmentCounts: Sendable, Hashable {
    /// Looked at.
    package var customers = 0
    /// Cases that follow the right workflow already.
    package var kept = 0
    /// Cases that go on under another.
    package var moved = 0
    /// Cases that were not open: nothing had named a workflow for them.
    package var opened = 0
    /// Cases closed because their customers are never to be reminded.
    package var excluded = 0

    package init(customers: Int = 0, kept: Int = 0, moved: Int = 0, opened: Int = 0, excluded: Int = 0) {
        self.customers = customers
        self.kept = kept
        self.moved = moved
        self.opened = opened
        self.excluded = excluded
    }
}

extension Transaction {
    /// False when what it confirms was confirmed before.
    package mutating func insertReassignment(
        _ id: ID<Reassignment>, confirms: ID<Reassignment>?, from: ID<Workflow>?, entry: EntryPolicy, at now: Instant
    ) throws(PostgresError) -> Bool {
        try run("reassignment_add", tenantID, id, confirms == nil, confirms, from, entry, now) > 0
    }

    package mutating func reassignment(_ id: ID<Reassignment>) throws(PostgresError) -> ReassignmentRecord? {
        try first("reassignment_by_id", tenantID, id).map { row throws(PostgresError) in try ReassignmentRecord(row) }
    }

    package mutating func lockedReassignment(_ id: ID<Reassignment>) throws(PostgresError) -> ReassignmentRecord? {
        guard try first("reassignment_lock", tenantID, id) != nil else { return nil }
        return try reassignment(id)
    }

    package mutating func reassignments(
        _ page: Page<Reassignment>
    ) throws(PostgresError) -> [ReassignmentRecord] {
        try rows("reassignment_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try ReassignmentRecord(row) }
    }

    /// Who owes, after a customer in the order of ids; only those with a case that follows a workflow, where one is named.
    package mutating func debtors(
        after: ID<Customer>?, following workflow: ID<Workflow>?, count: Int
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("reassignment_debtors", tenantID, after, count, workflow)
            .map { row throws(PostgresError) in try row("customer_id") }
    }

    package mutating func advance(
        _ id: ID<Reassignment>, to customer: ID<Customer>, _ counts: ReassignmentCounts
    ) throws(PostgresError) {
        try must(
            "reassignment_advance", tenantID, id, customer, counts.customers, counts.kept, counts.moved,
            counts.opened, counts.excluded)
    }

    package mutating func finishReassignment(_ id: ID<Reassignment>, at now: Instant) throws(PostgresError) {
        try run("reassignment_finish", tenantID, id, now)
    }
}
