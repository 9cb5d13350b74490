extension CaseFacts {
    /// The step that was not done because nobody approved it: the one an approval would have led to, where the case goes another
    /// way. Nil where the case does not stand at an approval, or goes on as approved.
    ///
    /// - Parameter answer: the word of the outcome; nobody answered in time where none is given.
    package func notApproved(_ answer: String = Step.Arms.timeout, at now: Instant) -> PlannedStep? {
        guard state.nextKey == nil, let place = workflow.rung(of: state.position),
            workflow.ladder[place].kind == .approve,
            let approved = workflow.rung(at: workflow.target(of: Step.Arms.approved, at: place)),
            workflow.rung(at: workflow.target(of: answer, at: place)) != approved
        else { return nil }
        let step = workflow.ladder[approved]
        let due = invoices.first { $0.id == state.anchor }?.dueDate
        return PlannedStep(
            key: step.key, kind: step.kind, occurrence: due.map { Int($0.number) } ?? 0, round: state.round,
            stage: workflow.stages[approved], dueAt: now)
    }

    /// The same when another step of the case is being done, or passed over: nobody has answered.
    package func notApproved(before step: PlannedStep, at now: Instant) -> PlannedStep? {
        workflow.rung(of: step.key) == nil ? nil : notApproved(at: now)
    }
}
