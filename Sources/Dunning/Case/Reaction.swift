/// Steps beside the ladder: each answers an event of the case once, and leaves the case where it stands.
enum Reaction {
    static func steps(
        _ state: CaseState, _ facts: CaseFacts, time: SendTime, earliest: Instant
    ) -> [PlannedStep] {
        guard !facts.events.isEmpty else { return [] }
        var found: [PlannedStep] = []
        for step in facts.workflow.steps {
            let days: Int
            switch step.timing {
            case .onEvent(_, let count): days = count
            case .manual: days = 0
            default: continue
            }
            for event in facts.events where answers(step, event) {
                guard !facts.done.contains(.init(key: step.key, number: event.number)),
                    let moment = time.moment(
                        onOrAfter: facts.zone.day(of: event.at).adding(days), notBefore: max(earliest, event.at))
                else { continue }
                found.append(
                    PlannedStep(
                        key: step.key, kind: step.kind, occurrence: event.number, stage: step.stage ?? state.stage,
                        dueAt: moment))
            }
        }
        return found
    }

    private static func answers(_ step: Step, _ event: CaseEvent) -> Bool {
        switch step.timing {
        case .onEvent(let kind, _): kind.matches(event.kind)
        case .manual: event.kind == .asked(step.key)
        default: false
        }
    }
}
