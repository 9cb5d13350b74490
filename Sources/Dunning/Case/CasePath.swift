extension CaseFacts {
    /// The rungs a case of these facts would climb from the first on, if each were passed at `moment`: branches as they judge
    /// now, tasks and waits by what follows them, repeats not repeated.
    func path(at moment: Instant) -> [Int] {
        guard !workflow.ladder.isEmpty else { return [] }
        var path: [Int] = []
        var next: Int? = 0
        while let rung = next, path.last.map({ $0 < rung }) ?? true {
            path.append(rung)
            let step = workflow.ladder[rung]
            switch step.arms {
            case .none, .outcomes, .again: next = workflow.follower(of: rung)
            case .branch, .split:
                next = decision(of: step, at: moment).target.map(workflow.rung(at:)) ?? workflow.follower(of: rung)
            }
        }
        return path
    }

    /// The place of a stage on such a path: the first contact that has reached it, else the last there is.
    func place(ofStage stage: Int, on path: [Int]) -> Int? {
        guard stage > 0 else { return nil }
        let contacts = path.indices.filter { workflow.ladder[path[$0]].kind.isContact }
        return contacts.first { workflow.stages[path[$0]] >= stage } ?? contacts.last
    }

    /// Where a step that needs nobody's answer leads: a branch, a split, a repeat, a wait for an event.
    package func decision(of step: Step, at now: Instant) -> Decision {
        switch step.arms {
        case .none: return Decision()
        case .branch(let branches, let otherwise):
            let subject = subject(at: now)
            for branch in branches {
                let judgement = branch.condition.judged(subject)
                if judgement.holds { return Decision(target: branch.target, words: judgement.words) }
            }
            return Decision(target: otherwise, words: "no condition holds")
        case .split(let experiment, let choices):
            let stored = shares[experiment].flatMap { name in choices.first { $0.name == name } }
            let share = stored ?? Step.Arms.share(of: state.customer, experiment: experiment, among: choices)
            return Decision(target: share?.target, words: "share \(share?.name ?? "none")", share: share?.name)
        case .outcomes:
            guard step.kind == .wait, step.awaitedEvent != nil, let rung = workflow.rung(of: step.key) else {
                return Decision()
            }
            let word = heard(by: step, after: state) == nil ? Step.Arms.timeout : Step.Arms.event
            return Decision(target: workflow.target(of: word, at: rung), words: word)
        case .again(let start, let times):
            let taken = jumps.count { $0.key.key == step.key && $0.value == .step(start) }
            guard taken < times else { return Decision(words: "repeated \(times) times, as often as it may be") }
            return Decision(target: .step(start), words: "repeated \(taken + 1) of \(times) times")
        }
    }

    /// Where a step leads, why, and the share it put the customer into.
    package struct Decision: Hashable, Sendable {
        package let target: Step.Target?
        package let words: String
        package let share: String?

        package init(target: Step.Target? = nil, words: String = "", share: String? = nil) {
            self.target = target
            self.words = words
            self.share = share
        }
    }

    /// The first event a wait listens for since the case came to it.
    func heard(by step: Step, after state: CaseState) -> CaseEvent? {
        guard step.kind == .wait, let kind = step.awaitedEvent else { return nil }
        return events.first { $0.number > state.heard && kind.matches($0.kind) }
    }

    /// That the step comes because nobody answered the task before it.
    func unanswered(before step: PlannedStep) -> String? {
        guard state.nextKey == nil, let place = workflow.rung(of: state.position), workflow.rung(of: step.key) != nil,
            workflow.ladder[place].awaitsOutcome
        else { return nil }
        return "timeout: nobody answered \(workflow.ladder[place].key) in time"
    }
}
