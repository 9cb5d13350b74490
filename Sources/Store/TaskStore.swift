package import Dunning
package import Postgres

/// Work for a person, as shown.
package struct TaskRecord: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable, PostgresValue {
        case call
        /// The customer has no address that can be written to.
        case address
        /// Whether a message arrived is not known.
        case unknown
        case review
        /// Whether the case goes on as planned.
        case approve
        /// Whether a collector takes the case.
        case handover
        /// Whether the debt is given up.
        case writeOff = "write_off"
        /// The customer wrote back: somebody has to read it.
        case reply
    }

    package enum State: String, Sendable, CaseIterable, PostgresValue {
        case open, done, cancelled
    }

    package let id: ID<CollectorTask>
    package let kind: Kind
    package let state: State
    package let customer: ID<Customer>
    package let enrolment: ID<Enrolment>?
    package let stepRun: ID<StepRun>?
    package let message: ID<Message>?
    package let title: String
    package let script: String
    package let deadline: Instant?
    package let outcome: String?
    package let note: String?
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
        createdAt = try row("created_at")
        closedAt = try row.optional("closed_at")
    }
}

extension Transaction {
    package mutating func task(_ id: ID<CollectorTask>) throws(PostgresError) -> TaskRecord? {
        try first("task_by_id", tenantID, id).map { row throws(PostgresError) in try TaskRecord(row) }
    }

    package mutating func tasks(
        _ page: Page<CollectorTask>, in state: TaskRecord.State? = nil, of customer: ID<Customer>? = nil
    ) throws(PostgresError) -> [TaskRecord] {
        try rows("task_page", tenantID, page.before, page.count, state, customer)
            .map { row throws(PostgresError) in try TaskRecord(row) }
    }

    /// Whether the task was open until now.
    package mutating func closeTask(
        _ id: ID<CollectorTask>, as state: TaskRecord.State, outcome: String?, note: String?, at instant: Instant
    ) throws(PostgresError) -> Bool {
        try run("task_close", tenantID, id, state, outcome, note, instant) > 0
    }
}
