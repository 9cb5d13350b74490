package import Dunning
package import Postgres
package import Store

/// Ends a task: a person has done it, or it is not to be done. What was agreed is recorded with it, and a step that waited for
/// the outcome goes on as the workflow says.
package struct CloseTask: Sendable {
    package enum Ending: Sendable, Hashable {
        /// With what came of it: one of the outcomes of the task's kind.
        case done(TaskOutcome)
        case cancelled
    }

    let task: ID<CollectorTask>
    let ending: Ending
    let note: String?
    let agreement: Agreement?

    /// - Parameter agreement: what the customer said; only with the outcome it belongs to.
    package init(
        _ task: ID<CollectorTask>, _ ending: Ending, note: String? = nil, agreement: Agreement? = nil
    ) throws(Rejection) {
        if let note { try TextRule.lines(upTo: 2_000).check(note, at: "/note") }
        if let agreement, ending != .done(agreement.outcome) {
            throw .invalid(
                agreement.pointer, "wrong_outcome", "belongs to the outcome \(agreement.outcome.rawValue) only")
        }
        self.task = task
        self.ending = ending
        self.note = note
        self.agreement = agreement
    }

    /// Throws ``Rejection/forbiddenByState(code:detail:)`` when the task is not open any more.
    package func run(in tx: inout Transaction, _ context: Context) throws -> TaskRecord {
        guard let record = try tx.task(task) else { throw Rejection.notFound("task") }
        let state: TaskRecord.State
        let outcome: TaskOutcome?
        switch ending {
        case .done(let word): (state, outcome) = (.done, word)
        case .cancelled: (state, outcome) = (.cancelled, nil)
        }
        if let outcome, !record.kind.outcomes.contains(outcome) {
            throw Rejection.invalid(
                "/outcome", "not_in_list",
                "a task of the kind \(record.kind.rawValue) ends in one of "
                    + record.kind.outcomes.map(\.rawValue).joined(separator: ", "))
        }
        try PlanCases.lock(customers: [record.customer], in: &tx)
        guard try tx.closeTask(task, as: state, outcome: outcome?.rawValue, note: note, at: context.now) else {
            throw Rejection.forbiddenByState(code: "task_closed", detail: "the task is not open any more")
        }
        try tx.audit(
            context, action: "task.\(state.rawValue)", subject: task.uuid, customer: record.customer,
            detail: ["kind": record.kind.rawValue, "outcome": outcome?.rawValue ?? ""])
        try tx.emit(
            context,
            Emission.closed(task, record.kind, of: record.customer, as: state, outcome: outcome?.rawValue))
        try agreement?.record(for: record, in: &tx, context)
        if let outcome {
            try branch(record, by: outcome, in: &tx, context)
            try TaskEffect(record, outcome, note: note).run(in: &tx, context)
        }
        try PlanCases.replan(customers: [record.customer], cause: "task.\(state.rawValue)", in: &tx, context)
        guard let closed = try tx.task(task) else { preconditionFailure("tasks are never deleted") }
        return closed
    }

    /// The case takes the way of this outcome, unless it has gone on meanwhile.
    private func branch(
        _ task: TaskRecord, by outcome: TaskOutcome, in tx: inout Transaction, _ context: Context
    ) throws {
        if let enrolment = task.enrolment {
            try tx.record([(enrolment: enrolment, kind: .taskOutcome(outcome.rawValue))], at: context.now)
        }
        guard let key = try tx.stepKey(of: task) else { return }
        let cases = try tx.loadCases(customers: [task.customer], now: context.now)
        guard let facts = cases.first(where: { $0.id == task.enrolment })?.facts,
            let state = Advance.answered(
                outcome.rawValue, of: key, state: facts.state, workflow: facts.workflow)
        else { return }
        if let missed = facts.notApproved(outcome.rawValue, at: context.now) {
            try tx.skip(context, [Unapproved(facts.state, missed)])
        }
        try tx.updateCases([state], at: context.now)
    }
}
