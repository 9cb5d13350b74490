/// How a case moves when a step of it was done.
package enum Advance {
    /// A contact was made (accepted, or unknown: it may have arrived), or a step without a wire was done on `day`.
    package static func after(_ step: PlannedStep, state: CaseState, workflow: PublishedWorkflow, day: Day) -> CaseState
    {
        var state = state
        let isBeforeDue = workflow.step(step.key)?.isBeforeDue ?? false
        if !isBeforeDue {
            state.position = step.key
            state.positionDay = day
            state.stage = max(state.stage, step.stage)
        }
        if step.kind.isContact { state.lastContactDay = day }
        return state
    }

    /// A step was skipped for good: the case passes over it without having contacted anybody.
    package static func passing(_ step: PlannedStep, state: CaseState, workflow: PublishedWorkflow, day: Day)
        -> CaseState
    {
        var state = state
        if !(workflow.step(step.key)?.isBeforeDue ?? false) {
            state.position = step.key
            state.positionDay = day
        }
        return state
    }
}
