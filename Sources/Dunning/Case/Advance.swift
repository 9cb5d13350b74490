/// How a case moves when a step of it was done.
package enum Advance {
    /// A contact was made (accepted, or unknown: it may have arrived), or a step without a wire was done on `day`.
    ///
    /// - Parameters:
    ///   - target: where the step leads, where that is not what follows it.
    ///   - heard: the last event that had happened by then.
    package static func after(
        _ step: PlannedStep, state: CaseState, workflow: PublishedWorkflow, day: Day, target: Step.Target? = nil,
        heard: Int? = nil
    ) -> CaseState {
        var state = state
        if let rung = workflow.rung(of: step.key) {
            state = moved(state, to: step, on: day)
            state.nextKey = target?.text
            if case .again(let start, _) = workflow.ladder[rung].arms, target == .step(start) { state.round += 1 }
            // By one at most, whatever was passed over before it.
            if step.kind.isContact { state.stage = max(state.stage, min(step.stage, state.stage + 1)) }
        }
        state.heard = max(state.heard, heard ?? 0)
        if step.kind.isContact { state.lastContactDay = day }
        return state
    }

    /// A step was skipped for good: the case passes over it without having contacted anybody. One whose condition did not
    /// hold takes no time; the others keep the pace.
    package static func passing(
        _ step: PlannedStep, state: CaseState, workflow: PublishedWorkflow, day: Day, reason: Reason = .noAddress,
        heard: Int? = nil
    ) -> CaseState {
        guard let rung = workflow.rung(of: step.key) else { return state }
        var state = moved(state, to: step, on: reason == .conditionFalse ? state.positionDay : day)
        // Nobody was asked, so nobody is waited for.
        state.nextKey = workflow.ladder[rung].awaitsOutcome ? workflow.followerTarget(of: rung).text : nil
        state.heard = max(state.heard, heard ?? 0)
        return state
    }

    /// Somebody answered a task: the case takes the way of this outcome. Nil when it has gone on meanwhile.
    package static func answered(
        _ outcome: String, of key: String, state: CaseState, workflow: PublishedWorkflow
    ) -> CaseState? {
        guard state.position == key, state.nextKey == nil, let rung = workflow.rung(of: key),
            workflow.ladder[rung].awaitsOutcome
        else { return nil }
        var state = state
        state.nextKey = workflow.target(of: outcome, at: rung).text
        return state
    }

    private static func moved(_ state: CaseState, to step: PlannedStep, on day: Day?) -> CaseState {
        var state = state
        state.position = step.key
        state.positionDay = day
        state.nextKey = nil
        return state
    }
}
