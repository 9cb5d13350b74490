package import Dunning
package import Postgres

/// Work for a person, as shown.
package struct TaskRecord: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable, PostgresValue {
        case open
        /// Open, and somebody is at it.
        case claimed
        case done, cancelled
    }

    package let id: ID<CollectorTask>
    package let kind: TaskKind
    package let state: State
    package let customer: ID<Customer>
    package let enrolment: ID<Enrolment>?
    package let stepRun: ID<StepRun>?
    package let message: ID<Message>?
    package let title: String
    package let script: String
    package let deadline: Instant?
    /// A ``TaskOutcome``; for tasks the machine closed, the reason it had.
    package let outcome: String?
    package let note: String?
    package let claimedBy: String?
    package let claimedAt: Instant?
    package let createdAt: Instant
    package let closedAt: Instant?

    init(_ row: Row) throws(PostgresError) {
        id = try row("task_id")
        kind = try row("kind")
        state = try row("state")
        customer = try row("customer_id")
        enrolment = try row.optional("enrolment_id")
        stepRun = try row.optional("step_run_id")
        message = try row.optional("message_id")
        title = try row("title")
        script = try row("script")
        deadline = try row.optional("deadline_at")
        outcome = try row.optional("outcome")
        note = try row.optional("note")
        claimedBy = try row.optional("claimed_by")
        claimedAt = try row.optional("claimed_at")
        createdAt = try row("created_at")
        closedAt = try row.optional("closed_at")
    }
}

/// What a list of tasks is narrowed to.
package struct TaskFilter: Sendable {
    package var state: TaskRecord.State?
    package var customer: ID<Customer>?
    package var kind: TaskKind?
    package var claimedBy: String?
    /// Only open ones whose deadline was before this.
    package var lateAt: Instant?

    package init(
        state: TaskRecord.State? = nil, customer: ID<Customer>? = nil, kind: TaskKind? = nil, claimedBy: String? = nil,
        lateAt: Instant? = nil
    ) {
        self.state = state
        self.customer = customer
        self.kind = kind
        self.claimedBy = claimedBy
        self.lateAt = lateAt
    }
}

extension Transaction {
    package mutating func task(_ id: ID<CollectorTask>) throws(PostgresError) -> TaskRecord? {
        try first("task_by_id", tenantID, id).map { row throws(PostgresError) in try TaskRecord(row) }
    }

    package mutating func tasks(
        _ page: Page<CollectorTask>, _ filter: TaskFilter = TaskFilter()
    ) throws(PostgresError) -> [TaskRecord] {
        try rows(
            "task_page", tenantID, page.before, page.count, filter.state, filter.customer, filter.kind,
            filter.claimedBy, filter.lateAt
        ).map { row throws(PostgresError) in try TaskRecord(row) }
    }

    /// False when it is not open any more, or somebody else's.
    package mutating func claimTask(
        _ id: ID<CollectorTask>, by person: String, at instant: Instant
    ) throws(PostgresError) -> Bool {
        try run("task_claim", tenantID, id, person, instant) > 0
    }

    /// False when it is not open any more.
    package mutating func releaseTask(_ id: ID<CollectorTask>) throws(PostgresError) -> Bool {
        try run("task_release", tenantID, id) > 0
    }

    /// The key of the step that asked for the task; nil where none did, or where it was deleted since.
    package mutating func stepKey(of task: TaskRecord) throws(PostgresError) -> String? {
        guard let step = task.stepRun else { return nil }
        return try first("task_step_key", tenantID, step).map { row throws(PostgresError) in try row("step_key") }
    }

    /// Whether the task was open until now.
    package mutating func closeTask(
        _ id: ID<CollectorTask>, as state: TaskRecord.State, outcome: String?, note: String?, at instant: Instant
    ) throws(PostgresError) -> Bool {
        try run("task_close", tenantID, id, state, outcome, note, instant) > 0
    }
}
