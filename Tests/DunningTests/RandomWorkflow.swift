import Dunning

/// Workflows nobody would draw: branches, shares, repeats, approvals, waits, answers to events, conditions and limits, as far
/// as the graph check lets them through.
enum RandomWorkflow {
    static func make(_ generator: inout SplitMix) -> PublishedWorkflow {
        for _ in 0..<40 {
            let steps = steps(&generator)
            guard WorkflowGraph.problems(of: steps.map { Step.Written(step: $0, template: template(of: $0)) }).isEmpty
            else { continue }
            return CaseFixture.workflow(steps, gap: .random(in: 0...9, using: &generator), limits: limits(&generator))
        }
        return CaseFixture.standard
    }

    private static func template(of step: Step) -> String? { step.kind.isWritten ? "Text" : nil }

    private static func chance(_ percent: Int, _ generator: inout SplitMix) -> Bool {
        RandomCase.chance(percent, &generator)
    }

    private static func limits(_ generator: inout SplitMix) -> WorkflowLimits {
        WorkflowLimits(
            maxContacts: chance(80, &generator) ? .random(in: 1...8, using: &generator) : nil,
            maxDays: chance(20, &generator) ? .random(in: 5...90, using: &generator) : nil,
            onReply: chance(40, &generator) ? .random(in: 1...5, using: &generator) : nil,
            onPartPayment: chance(40, &generator) ? .random(in: 1...5, using: &generator) : nil,
            minimumAmount: chance(20, &generator) ? [CaseFixture.usd: .random(in: 1...60, using: &generator)] : [:])
    }

    private static func steps(_ generator: inout SplitMix) -> [Step] {
        var steps: [Step] = []
        if chance(40, &generator) {
            steps.append(CaseFixture.email("note", .beforeDue(.random(in: 0...9, using: &generator))))
        }
        if chance(20, &generator) {
            steps.append(CaseFixture.email("issued", .afterIssue(.random(in: 0...25, using: &generator))))
        }
        let count = Int.random(in: 2...9, using: &generator)
        var days = Int.random(in: 0...5, using: &generator)
        for rung in 0..<count {
            steps.append(self.rung(rung, of: count, days: days, &generator))
            days += .random(in: 0...9, using: &generator)
        }
        for answer in 0..<Int.random(in: 0...2, using: &generator) {
            steps.append(reaction(answer, &generator))
        }
        return steps
    }

    private static func rung(_ rung: Int, of count: Int, days: Int, _ generator: inout SplitMix) -> Step {
        func later() -> Step.Target {
            let next = Int.random(in: (rung + 1)...max(rung + 1, count), using: &generator)
            return next < count ? .step("step_\(next)") : .end
        }
        let timing: Step.Timing =
            rung > 0 && chance(35, &generator)
            ? .afterPrevious(.random(in: 0...6, using: &generator), business: chance(40, &generator)) : .afterDue(days)
        let key = "step_\(rung)"
        let condition = chance(20, &generator) ? condition(&generator) : nil
        func step(_ kind: Step.Kind, _ arms: Step.Arms = .none, at time: Step.Timing? = nil, awaits: Bool = false)
            -> Step
        {
            Step(
                key: key, kind: kind, timing: time ?? timing, waitsForOutcome: awaits, condition: condition,
                stage: kind == .email && chance(10, &generator) ? .random(in: 1...6, using: &generator) : nil,
                arms: arms)
        }
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<52: return step(.email)
        case 52..<58: return step(.wait)
        case 58..<63: return step(.callTask, awaits: chance(50, &generator))
        case 63..<69: return step(.callTask, .outcomes(["promised": later(), "timeout": later()]))
        case 69..<74: return step(.approve, .outcomes(["approved": later(), "timeout": later()]))
        case 74..<82:
            let branches = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
                Step.Branch(if: self.condition(&generator), then: later())
            }
            return step(.branch, .branch(branches, otherwise: chance(40, &generator) ? later() : nil))
        case 82..<86:
            let shares = [
                Step.Share(name: "a", weight: .random(in: 1...9, using: &generator), target: .step("step_\(rung + 1)")),
                Step.Share(name: "b", weight: .random(in: 1...9, using: &generator), target: later()),
            ]
            return step(.split, .split(experiment: "tone", shares))
        case 86..<93 where rung > 0:
            let start = "step_\(Int.random(in: 0..<rung, using: &generator))"
            return step(
                .repeat, .again(from: start, times: .random(in: 1...3, using: &generator)),
                at: .afterPrevious(.random(in: 1...6, using: &generator), business: chance(30, &generator)))
        default:
            let kind = [CaseEvent.Kind.replied, .promiseBroken, .api("hello")].randomElement(using: &generator)!
            return Step(
                key: key, kind: .wait,
                timing: rung > 0 ? .afterPrevious(.random(in: 1...9, using: &generator)) : timing,
                condition: condition, arms: .outcomes(["event": later(), "timeout": later()]),
                awaitedEvent: rung > 0 ? kind : nil)
        }
    }

    private static func reaction(_ number: Int, _ generator: inout SplitMix) -> Step {
        let kind = [CaseEvent.Kind.replied, .promiseBroken, .partPayment, .api("hello")].randomElement(
            using: &generator)!
        return Step(
            key: "answer_\(number)", kind: chance(70, &generator) ? .email : .callTask,
            timing: .onEvent(kind, .random(in: 0...4, using: &generator)),
            condition: chance(20, &generator) ? condition(&generator) : nil)
    }

    private static func condition(_ generator: inout SplitMix, depth: Int = 0) -> Condition {
        let number = AttributeValue.number(.random(in: 0...30, using: &generator))
        switch Int.random(in: depth > 1 ? 3..<10 : 0..<10, using: &generator) {
        case 0: return .all([condition(&generator, depth: depth + 1), condition(&generator, depth: depth + 1)])
        case 1: return .any([condition(&generator, depth: depth + 1), condition(&generator, depth: depth + 1)])
        case 2: return .not(condition(&generator, depth: depth + 1))
        case 3, 4: return .test(.oldestAge, .atLeast, .one(number))
        case 5: return .test(.invoiceCount, .moreThan, .one(.number(.random(in: 0...3, using: &generator))))
        case 6: return .test(.stage, .lessThan, .one(.number(.random(in: 0...4, using: &generator))))
        case 7: return .test(.segment, .is, .one(.text("vip")))
        case 8: return .test(.lastContactAge, .atLeast, .one(number))
        default:
            return .test(
                .collectable, .atLeast,
                .amount(Money(minor: .random(in: 1...400, using: &generator), currency: CaseFixture.usd)))
        }
    }
}
