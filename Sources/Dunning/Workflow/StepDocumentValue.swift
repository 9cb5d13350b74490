extension Step {
    /// As ``read(_:)`` reads it, what is not said left out.
    ///
    /// - Parameter template: the template's name, for a document that goes from tenant to tenant.
    package func document(template name: String? = nil) -> DocumentValue {
        var members: [DocumentValue.Member] = [.init("key", .text(key)), .init("kind", .text(kind.rawValue))]
        func say(_ name: String, _ value: DocumentValue?) {
            if let value { members.append(.init(name, value)) }
        }
        if let name {
            say("template", .text(name))
        } else {
            say("template_id", template.map { .text($0.description) })
        }
        members += timing.members
        say("stage", stage.map { .int(Int64($0)) })
        if tier != .reminder { say("tier", .text(tier.rawValue)) }
        say("if", condition?.document)
        say("fallback", fallback.map { .text($0.name) })
        if waitsForOutcome { say("wait_for_outcome", true) }
        if deadlineBusinessDays != 2 { say("deadline_business_days", .int(Int64(deadlineBusinessDays))) }
        say("script", script.map(DocumentValue.text))
        say("until_event", awaitedEvent.map { .text($0.text) })
        members += effect.members + arms.members
        say("then", follower.map { .text($0.text) })
        return .map(members)
    }
}

extension Step.Timing {
    fileprivate var members: [DocumentValue.Member] {
        switch self {
        case .onDate(let day): [.init(name, .text(day.description))]
        case .onEvent(let kind, let days):
            [.init(name, .text(kind.text))] + (days > 0 ? [.init("days", .int(Int64(days)))] : [])
        case .manual: [.init(name, true)]
        case .beforeDue, .afterIssue, .afterDue, .afterPrevious: [.init(name, .int(Int64(days)))]
        }
    }
}

extension Step.Effect {
    fileprivate var members: [DocumentValue.Member] {
        switch self {
        case .none, .agency(nil): []
        case .hold(let days, let reason): [.init("hold_days", .int(Int64(days))), .init("reason", .text(reason))]
        case .segment(let name, let isRemoved):
            [.init("segment", .text(name))] + (isRemoved ? [.init("remove", true)] : [])
        case .owner(let owner): [.init("owner", .text(owner))]
        case .notice(let words): [.init("notice", .text(words))]
        case .event(let name): [.init("event", .text(name))]
        case .signal(let signal): [.init("signal", .text(signal.rawValue))]
        case .agency(let agency?): [.init("agency", .text(agency))]
        }
    }
}

extension Step.Arms {
    fileprivate var members: [DocumentValue.Member] {
        switch self {
        case .none: return []
        case .branch(let branches, let otherwise):
            let list = branches.map { branch -> DocumentValue in
                ["if": branch.condition.document, "then": .text(branch.target.text)]
            }
            return [.init("branches", .list(list))]
                + [otherwise].compactMap(\.self).map { .init("else", .text($0.text)) }
        case .split(let experiment, let shares):
            let list = shares.map { share -> DocumentValue in
                ["name": .text(share.name), "weight": .int(Int64(share.weight)), "then": .text(share.target.text)]
            }
            return [.init("experiment", .text(experiment)), .init("shares", .list(list))]
        case .outcomes(let outcomes):
            let ways = outcomes.sorted { $0.key < $1.key }
            return [.init("outcomes", .map(ways.map { .init($0.key, .text($0.value.text)) }))]
        case .again(let start, let times): return [.init("back_to", .text(start)), .init("times", .int(Int64(times)))]
        }
    }
}
