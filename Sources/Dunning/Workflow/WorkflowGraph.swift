/// Whether steps make a workflow: every way leads on or ends, nothing runs in a circle without an end, and each member fits
/// its step. Only a repeat leads back, a bounded number of times and never without a day between; so every case comes to
/// an end.
package enum WorkflowGraph {
    /// Everything wrong, at `/steps/<index>/…`.
    package static func problems(of written: [Step.Written]) -> [FieldProblem] {
        problems(of: written.map(\.step), areWritten: written.map { $0.template != nil || $0.step.template != nil })
    }

    package static func problems(of steps: [Step]) -> [FieldProblem] {
        problems(of: steps, areWritten: steps.map { $0.template != nil })
    }

    private static func problems(of steps: [Step], areWritten: [Bool]) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        var keys: Set<String> = []
        for (index, step) in steps.enumerated() {
            var found = StepFit.problems(of: step, isWritten: areWritten[index])
            if !keys.insert(step.key).inserted { found.append(("key", "duplicate", "another step has this key")) }
            if step.isBeforeDue, steps[..<index].contains(where: \.isRung) {
                found.append(("timing", "order", "steps before due come before all others"))
            }
            found += ways(of: index, steps)
            problems += found.map { FieldProblem(pointer: "/steps/\(index)/\($0.0)", code: $0.1, detail: $0.2) }
        }
        if !steps.contains(where: \.isRung), problems.isEmpty {
            problems.append(
                FieldProblem(pointer: "/steps", code: "no_ladder", detail: "must hold a step after the due date"))
        }
        return problems.isEmpty ? unfit(steps) : problems
    }

    typealias Fault = (field: String, code: String, detail: String)

    /// Where a step leads: to rungs that are there, forward but for a repeat.
    private static func ways(of index: Int, _ steps: [Step]) -> [Fault] {
        let step = steps[index]
        var faults: [Fault] = []
        func check(_ target: Step.Target, _ field: String, back: Bool = false) {
            guard case .step(let key) = target else { return }
            guard let place = steps.firstIndex(where: { $0.key == key && $0.isRung }) else {
                return faults.append((field, "unknown_step", "no step after due has the key \(key)"))
            }
            if back, place >= index { faults.append((field, "not_back", "must be an earlier step than this one")) }
            if !back, place <= index {
                faults.append((field, "not_forward", "must be a later step; only a repeat leads back"))
            }
        }
        if let target = step.follower { check(target, "then") }
        switch step.arms {
        case .none: break
        case .branch(let branches, let otherwise):
            for (place, branch) in branches.enumerated() { check(branch.target, "branches/\(place)/then") }
            if let otherwise { check(otherwise, "else") }
        case .split(_, let shares):
            for (place, share) in shares.enumerated() { check(share.target, "shares/\(place)/then") }
        case .outcomes(let outcomes):
            for (word, target) in outcomes.sorted(by: { $0.key < $1.key }) { check(target, "outcomes/\(word)") }
        case .again(let start, _): check(.step(start), "back_to", back: true)
        }
        return faults
    }

    /// What is wrong with steps each of which is right: some are never reached, or come too early on every way.
    private static func unfit(_ steps: [Step]) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        func refuse(_ step: Step, _ field: String, _ code: String, _ detail: String) {
            guard let index = steps.firstIndex(where: { $0.key == step.key }) else { return }
            problems.append(FieldProblem(pointer: "/steps/\(index)/\(field)", code: code, detail: detail))
        }
        let ladder = steps.filter(\.isRung)
        // The earliest day after due by which a case can have come to a rung; nil where none can.
        var floor: [Int?] = Array(repeating: nil, count: ladder.count)
        if !floor.isEmpty { floor[0] = 0 }
        for (index, step) in ladder.enumerated() {
            guard let reached = floor[index] else {
                refuse(step, "key", "unreachable", "no way leads to this step")
                continue
            }
            var day = reached
            switch step.timing {
            case .afterDue(let days):
                if days < reached { refuse(step, "days", "order", "must not be earlier than the step before") }
                day = max(day, days)
            case .afterPrevious where index == 0:
                refuse(step, "timing", "order", "the first step after due counts from the due date")
            default: break
            }
            for next in ladder.successors(of: index) where next > index { floor[next] = min(floor[next] ?? day, day) }
        }
        return problems
    }
}
