/// An immutable version of a workflow: its steps in order, and the least distance between contacts.
package struct PublishedWorkflow: Hashable, Sendable {
    package let id: ID<WorkflowVersion>
    package let workflow: ID<Workflow>
    /// Civil days between two contacts of a case.
    package let escalationGapDays: Int
    package let limits: WorkflowLimits
    package let steps: [Step]
    /// The steps after due, in order; a case climbs them, and jumps where a step says so.
    package let ladder: [Step]
    /// Stage of each rung: a contact's own, else one more than that of the contact before it on the longest way; other steps
    /// keep the stage of the contact before them.
    package let stages: [Int]

    package init(
        id: ID<WorkflowVersion>, workflow: ID<Workflow>, escalationGapDays: Int, steps: [Step],
        limits: WorkflowLimits = WorkflowLimits()
    ) {
        self.id = id
        self.workflow = workflow
        self.escalationGapDays = escalationGapDays
        self.limits = limits
        self.steps = steps
        ladder = steps.filter(\.isRung)
        stages = Self.stages(of: ladder)
    }

    private static func stages(of ladder: [Step]) -> [Int] {
        var before = Array(repeating: 0, count: ladder.count)
        var stages: [Int] = []
        for (index, step) in ladder.enumerated() {
            let stage = step.kind.isContact ? step.stage ?? before[index] + 1 : before[index]
            stages.append(stage)
            for next in ladder.successors(of: index) where next > index { before[next] = max(before[next], stage) }
        }
        return stages
    }

    /// Whether any step of it, or a rest, looks at what happened to the case.
    package var listens: Bool {
        limits.onReply != nil || limits.onPartPayment != nil
            || steps.contains { $0.isReaction || $0.awaitedEvent != nil }
    }

    /// Whether it tells customers apart by shares of an experiment.
    package var splits: Bool { steps.contains { $0.kind == .split } }

    package func step(_ key: String) -> Step? { steps.first { $0.key == key } }

    package func rung(of key: String?) -> Int? { key.flatMap { key in ladder.firstIndex { $0.key == key } } }

    package func stage(of key: String) -> Int { rung(of: key).map { stages[$0] } ?? step(key)?.stage ?? 0 }

    /// The rung of the contact with this stage; nil for stage 0 or one beyond the last.
    package func rung(ofStage stage: Int) -> Int? {
        ladder.indices.first { ladder[$0].kind.isContact && stages[$0] == stage }
    }

    /// The stage a debt of this age would have reached: the highest contact whose day has come. 0 when none.
    package func stage(byAge days: Int) -> Int {
        var reached = 0
        for index in ladder.indices where ladder[index].kind.isContact {
            if case .afterDue(let offset) = ladder[index].timing, offset <= days {
                reached = max(reached, stages[index])
            }
        }
        return reached
    }

    /// What simply follows a rung: the step it names, else the next one; nil at the end.
    package func follower(of rung: Int) -> Int? {
        switch ladder[rung].follower {
        case .end: nil
        case .step(let key): self.rung(of: key)
        case nil: rung + 1 < ladder.count ? rung + 1 : nil
        }
    }

    /// Where a case goes from its position; nil at the end.
    package func next(after state: CaseState) -> Int? {
        if let key = state.nextKey, key == Step.Target.endWord { return nil }
        // A key that another version knew is no way on: the case goes on from its position.
        if let next = rung(of: state.nextKey) { return next }
        guard let place = rung(of: state.position) else { return ladder.isEmpty ? nil : 0 }
        let step = ladder[place]
        // Nobody has answered: planned for the deadline, and for then it is the way of those who do not.
        guard step.awaitsOutcome, let target = step.target(of: Step.Arms.timeout) else { return follower(of: place) }
        return rung(at: target)
    }

    /// The rung a target names; nil for the end.
    package func rung(at target: Step.Target) -> Int? {
        guard case .step(let key) = target else { return nil }
        return rung(of: key)
    }

    /// What the case goes to by an outcome of the task or wait at a rung, written so that it is not taken for "nobody has
    /// answered".
    package func target(of outcome: String, at rung: Int) -> Step.Target {
        ladder[rung].target(of: outcome) ?? followerTarget(of: rung)
    }

    package func followerTarget(of rung: Int) -> Step.Target {
        follower(of: rung).map { .step(ladder[$0].key) } ?? .end
    }
}

extension Step {
    /// The way for this very outcome, where the step names one. Declined without a way is the end of the case's steps.
    package func target(of outcome: String) -> Target? {
        guard case .outcomes(let outcomes) = arms else { return nil }
        if let target = outcomes[outcome] { return target }
        return kind == .approve && outcome == Arms.declined ? .end : nil
    }
}

extension [Step] {
    /// The rungs a case may go to from this one, the follower first.
    func successors(of index: Int) -> [Int] {
        let step = self[index]
        var keys: [String] = []
        var found: [Int] = []
        if step.fallsThrough {
            switch step.follower {
            case .step(let key): keys.append(key)
            case .end: break
            case nil: if index + 1 < count { found.append(index + 1) }
            }
        }
        for case .step(let key) in step.arms.targets { keys.append(key) }
        return found + keys.compactMap { key in firstIndex { $0.key == key } }
    }
}
