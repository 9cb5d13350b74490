extension CaseFacts {
    /// The occurrence that a planned step stands for.
    package static func occurrence(of step: PlannedStep) -> Occurrence {
        Occurrence(key: step.key, number: step.occurrence, round: step.round)
    }

    /// The facts after a step was done, as the next reading would find them.
    package mutating func finish(_ step: PlannedStep, on day: Day, target: Step.Target? = nil) {
        state = Advance.after(step, state: state, workflow: workflow, day: day, target: target, heard: lastEvent)
        done.insert(Self.occurrence(of: step))
        if let target { jumps[Self.occurrence(of: step)] = target }
        if step.kind.isContact, workflow.step(step.key)?.isBeforeDue != true { contactsMade += 1 }
    }

    /// The facts after a step was passed over for good.
    package mutating func pass(_ step: PlannedStep, on day: Day, for reason: Reason) {
        state = Advance.passing(
            step, state: state, workflow: workflow, day: day, reason: reason, heard: lastEvent)
        done.insert(Self.occurrence(of: step))
    }
}
