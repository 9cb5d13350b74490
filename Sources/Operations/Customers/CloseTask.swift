package import Dunning
package import Postgres
package import Store

/// Ends a task: a person has done it, or it is not to be done. A step that waited for its outcome goes on.
package struct CloseTask: Sendable {
    package enum Ending: Sendable, Hashable {
        /// With what came of it: a word such as `promised`, `no_answer`, `wrong_number`.
        case done(outcome: String)
        case cancelled
    }

    let task: ID<CollectorTask>
    let ending: Ending
    let note: String?

    package init(_ task: ID<CollectorTask>, _ ending: Ending, note: String? = nil) throws(Rejection) {
        if case .done(let outcome) = ending { try Word.check(outcome, at: "/outcome") }
        if let note { try TextRule.lines(upTo: 2_000).check(note, at: "/note") }
        self.task = task
        self.ending = ending
        self.note = note
    }

    /// Throws ``Rejection/forbiddenByState(code:detail:)`` when the task is not open any more.
    package func run(in tx: inout Transaction, _ context: Context) throws -> TaskRecord {
        guard let record = try tx.task(task) else { throw Rejection.notFound("task") }
        try PlanCases.lock(customers: [record.customer], in: &tx)
        let state: TaskRecord.State
        let outcome: String?
        switch ending {
        case .done(let word): (state, outcome) = (.done, word)
        case .cancelled: (state, outcome) = (.cancelled, nil)
        }
        guard try tx.closeTask(task, as: state, outcome: outcome, note: note, at: context.now) else {
            throw Rejection.forbiddenByState(code: "task_closed", detail: "the task is not open any more")
        }
        try tx.audit(
            context, action: "task.\(state.rawValue)", subject: task.uuid, customer: record.customer,
            detail: ["kind": record.kind.rawValue, "outcome": outcome ?? ""])
        try PlanCases.replan(customers: [record.customer], cause: "task.\(state.rawValue)", in: &tx, context)
        guard let closed = try tx.task(task) else { preconditionFailure("tasks are never deleted") }
        return closed
    }
}
