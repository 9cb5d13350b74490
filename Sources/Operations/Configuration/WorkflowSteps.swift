package import Dunning

/// The steps of a workflow version in the order they are taken, checked as a whole.
package struct WorkflowSteps: Sendable {
    package static let limit = 50

    let list: [Step]

    /// Throws ``Rejection/invalid(_:)`` with everything wrong with each step, at `/steps/<index>/…`.
    package init(_ steps: [Step]) throws(Rejection) {
        var problems: [FieldProblem] = []
        if steps.isEmpty || steps.count > Self.limit {
            problems.append(
                FieldProblem(pointer: "/steps", code: "out_of_range", detail: "must hold 1 to \(Self.limit) steps"))
        }
        var keys: Set<String> = []
        var ladderStarted = false
        var lastDay = -1
        for (index, step) in steps.prefix(Self.limit).enumerated() {
            func refuse(_ field: String, _ code: String, _ detail: String) {
                problems.append(FieldProblem(pointer: "/steps/\(index)/\(field)", code: code, detail: detail))
            }
            if !Self.isKey(step.key) { refuse("key", "bad_key", "must be 1 to 40 of a-z, 0-9 and _") }
            if !keys.insert(step.key).inserted { refuse("key", "duplicate", "another step has this key") }
            if !(0...3_650).contains(step.timing.days) { refuse("days", "out_of_range", "must be from 0 to 3650") }
            if step.kind.isContact != (step.template != nil) {
                refuse(
                    "template_id", "template_mismatch", "an email or sms step has a template, no other step has one")
            }
            if let fallback = step.fallback {
                if !step.kind.isContact {
                    refuse("fallback", "not_a_contact", "only an email or sms step has another way")
                } else if fallback == step.kind.channel.map(Step.Fallback.channel) {
                    refuse("fallback", "same_channel", "must be another channel than the step's own")
                }
            }
            if step.kind != .callTask, step.waitsForOutcome || step.script != nil {
                refuse("kind", "not_a_task", "only a call_task waits for an outcome or has a script")
            }
            if !(0...60).contains(step.deadlineBusinessDays) {
                refuse("deadline_business_days", "out_of_range", "must be from 0 to 60")
            }
            switch step.timing {
            case .beforeDue where ladderStarted:
                refuse("timing", "order", "steps before due come before all others")
            case .beforeDue where !step.kind.isContact:
                refuse("kind", "order", "only an email or sms goes out before due")
            case .beforeDue: break
            case .afterDue(let day) where day < lastDay:
                refuse("days", "order", "must not be earlier than the step before")
            case .afterDue(let day):
                ladderStarted = true
                lastDay = day
            case .afterPrevious where !ladderStarted:
                refuse("timing", "order", "the first step after due counts from the due date")
            case .afterPrevious: break
            }
            if let script = step.script, let (code, detail) = TextRule.lines(upTo: 4_000).violation(in: script) {
                refuse("script", code, detail)
            }
        }
        if problems.isEmpty, !ladderStarted {
            problems.append(
                FieldProblem(pointer: "/steps", code: "no_ladder", detail: "must hold a step after the due date"))
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        list = steps
    }

    private static func isKey(_ key: String) -> Bool {
        (1...40).contains(key.utf8.count)
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
