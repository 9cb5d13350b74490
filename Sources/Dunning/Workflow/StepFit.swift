/// Whether the members of a step fit its kind and its time.
enum StepFit {
    static func problems(of step: Step, isWritten: Bool) -> [WorkflowGraph.Fault] {
        var faults: [WorkflowGraph.Fault] = []
        if !isKey(step.key) { faults.append(("key", "bad_key", "must be 1 to 40 of a-z, 0-9 and _")) }
        if step.key == Step.Target.endWord {
            faults.append(("key", "reserved", "\"end\" stands for the end of the steps"))
        }
        if !(0...3_650).contains(step.timing.days) {
            faults.append(("days", "out_of_range", "must be from 0 to 3650"))
        }
        if !(0...60).contains(step.deadlineBusinessDays) {
            faults.append(("deadline_business_days", "out_of_range", "must be from 0 to 60"))
        }
        if step.kind.isWritten != isWritten {
            faults.append(
                (
                    "template_id", "template_mismatch",
                    "an email, sms or in_app step has a template, no other step has one"
                ))
        }
        if let fallback = step.fallback {
            if !step.kind.isContact {
                faults.append(("fallback", "not_a_contact", "only an email or sms step has another way"))
            } else if fallback == step.kind.channel.map(Step.Fallback.channel) {
                faults.append(("fallback", "same_channel", "must be another channel than the step's own"))
            }
        }
        if !step.kind.isTask, step.waitsForOutcome || step.script != nil {
            faults.append(("kind", "not_a_task", "only a task waits for an outcome or has a script"))
        }
        if step.stage != nil, !step.kind.isWritten {
            faults.append(("stage", "not_a_contact", "only an email, sms or in_app step has a stage of its own"))
        }
        return faults + place(of: step) + arms(of: step) + effect(of: step)
    }

    /// What may stand before due, and what beside the ladder.
    private static func place(of step: Step) -> [WorkflowGraph.Fault] {
        if step.isBeforeDue, !step.kind.isWritten {
            return [("kind", "order", "only an email, sms or in_app message goes out before due")]
        }
        if step.isReaction, [.wait, .branch, .split, .approve, .repeat].contains(step.kind) {
            return [("kind", "order", "a step that answers an event leads nowhere; \(step.kind.rawValue) does")]
        }
        if !step.isRung, step.follower != nil {
            return [("then", "order", "only a step after due leads on")]
        }
        return []
    }

    private static func arms(of step: Step) -> [WorkflowGraph.Fault] {
        switch (step.kind, step.arms) {
        case (.branch, .branch(let branches, _)):
            return branches.isEmpty ? [("branches", "empty", "must hold at least one")] : []
        case (.branch, _): return [("branches", "missing", "a branch needs its conditions, each with where it leads")]
        case (.split, .split(let experiment, let shares)): return split(experiment, shares)
        case (.split, _): return [("shares", "missing", "a split needs its experiment's name and its shares")]
        case (.repeat, .again): return repeated(step)
        case (.repeat, _): return [("back_to", "missing", "a repeat needs where it leads back to, and how many times")]
        case (.approve, .outcomes(let outcomes)) where outcomes[Step.Arms.timeout] != nil:
            return words(outcomes, of: step)
        case (.approve, _):
            return [("outcomes", "missing", "an approval needs to say where its timeout leads: {timeout: KEY or end}")]
        case (_, .outcomes(let outcomes)): return words(outcomes, of: step)
        case (_, .none): return awaited(step)
        case (_, .branch): return [("branches", "not_a_branch", "only a branch has branches")]
        case (_, .split): return [("shares", "not_a_split", "only a split has shares")]
        case (_, .again): return [("back_to", "not_a_repeat", "only a repeat leads back")]
        }
    }

    private static func split(_ experiment: String, _ shares: [Step.Share]) -> [WorkflowGraph.Fault] {
        var faults: [WorkflowGraph.Fault] = []
        if !isKey(experiment) { faults.append(("experiment", "bad_key", "must be 1 to 40 of a-z, 0-9 and _")) }
        if shares.count < 2 { faults.append(("shares", "too_few", "must hold at least two")) }
        for (index, share) in shares.enumerated() {
            if !isKey(share.name) {
                faults.append(("shares/\(index)/name", "bad_key", "must be 1 to 40 of a-z, 0-9 and _"))
            }
            if shares[..<index].contains(where: { $0.name == share.name }) {
                faults.append(("shares/\(index)/name", "duplicate", "another share has this name"))
            }
        }
        return faults
    }

    /// A circle without a day in it would run at once, over and over.
    private static func repeated(_ step: Step) -> [WorkflowGraph.Fault] {
        guard case .afterPrevious(1..., _) = step.timing else {
            return [("after_previous", "no_delay", "a repeat comes at least one day after the step before it")]
        }
        guard case .again(_, 1...24) = step.arms else { return [("times", "out_of_range", "must be from 1 to 24")] }
        return []
    }

    private static func words(_ outcomes: [String: Step.Target], of step: Step) -> [WorkflowGraph.Fault] {
        guard step.isRung else { return [("outcomes", "order", "only a step after due leads on")] }
        let known = step.kind.outcomes
        if known.isEmpty { return [("outcomes", "no_outcome", "a step of this kind has no outcome")] }
        return awaited(step)
            + outcomes.keys.sorted().filter { !known.contains($0) }.map {
                ("outcomes/\($0)", "unknown_outcome", "must be one of " + known.joined(separator: ", "))
            }
    }

    private static func awaited(_ step: Step) -> [WorkflowGraph.Fault] {
        let isOutcome = if case .outcomes = step.arms { true } else { false }
        guard step.awaitedEvent != nil else {
            return step.kind == .wait && isOutcome
                ? [("until_event", "missing", "a wait with outcomes says what it waits for")] : []
        }
        guard step.kind == .wait else { return [("until_event", "not_a_wait", "only a wait listens for an event")] }
        guard case .afterPrevious(1..., _) = step.timing else {
            return [("after_previous", "no_timeout", "says how many days it waits at most, from 1")]
        }
        return []
    }

    private static func effect(of step: Step) -> [WorkflowGraph.Fault] {
        switch (step.kind, step.effect) {
        case (.hold, .hold), (.setSegment, .segment), (.assignOwner, .owner), (.notifyTeam, .notice),
            (.serviceSignal, .signal), (.handover, .none), (.handover, .agency):
            return texts(of: step.effect)
        case (.webhook, .event(let name)):
            return isKey(name) ? [] : [("event", "bad_key", "must be 1 to 40 of a-z, 0-9 and _")]
        case (.hold, _): return [("hold_days", "missing", "a hold needs hold_days and a reason")]
        case (.setSegment, _): return [("segment", "missing", "needs the name of a segment")]
        case (.assignOwner, _): return [("owner", "missing", "needs the name of the owner")]
        case (.notifyTeam, _): return [("notice", "missing", "needs the words for the team")]
        case (.webhook, _): return [("event", "missing", "needs the name of the event")]
        case (.serviceSignal, _): return [("signal", "missing", "needs suspend, limit or restore")]
        case (_, .none): return []
        default: return [("kind", "no_effect", "a step of this kind changes nothing of that sort")]
        }
    }

    private static func texts(of effect: Step.Effect) -> [WorkflowGraph.Fault] {
        let (field, text): (String, String)
        switch effect {
        case .hold(_, let reason): (field, text) = ("reason", reason)
        case .segment(let name, _): (field, text) = ("segment", name)
        case .owner(let owner): (field, text) = ("owner", owner)
        case .notice(let notice): (field, text) = ("notice", notice)
        case .agency(let agency?): (field, text) = ("agency", agency)
        case .none, .event, .signal, .agency(nil): return []
        }
        return (1...500).contains(text.utf8.count) ? [] : [(field, "bad_length", "must be 1 to 500 bytes long")]
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

extension Step.Kind {
    /// The words a step of this kind can come out with: those that a person may end its task by, and `timeout` where nobody did.
    package var outcomes: [String] {
        if let task = TaskKind(rawValue: task) { return task.outcomes.map(\.rawValue) + [Step.Arms.timeout] }
        return self == .wait ? [Step.Arms.event, Step.Arms.timeout] : []
    }
}
