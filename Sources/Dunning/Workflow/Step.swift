/// One step of a workflow version: what happens, and when.
package struct Step: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case email
        /// A text message.
        case sms
        /// A message in the tenant's own product, fetched there: no contact, it uses no cap and knows no hours.
        case inApp = "in_app"
        /// Opens a task for a person to call.
        case callTask = "call_task"
        /// Opens a task for a person to look at the case.
        case reviewTask = "review_task"
        /// A person says whether the case goes on as planned.
        case approve
        /// Nothing but time: days, or until something happens.
        case wait
        /// Goes where the first true condition says.
        case branch
        /// Goes one of several ways by a stable share of the customers.
        case split
        /// Keeps the customer from being contacted for some days.
        case hold
        case setSegment = "set_segment"
        case assignOwner = "assign_owner"
        /// Tells the tenant's own people, by an event.
        case notifyTeam = "notify_team"
        /// An event of the tenant's own name.
        case webhook
        /// Asks the tenant's product to suspend, limit or restore the service.
        case serviceSignal = "service_signal"
        /// Proposes the case to a collector or agency.
        case handover
        /// Opens a task; money is never moved by a timer.
        case proposeWriteOff = "propose_write_off"
        /// Goes back to an earlier step, a bounded number of times.
        case `repeat`

        /// How it speaks to somebody; `nil` when it does not.
        package var channel: Channel? {
            switch self {
            case .email: .email
            case .sms: .sms
            default: nil
            }
        }

        package var isContact: Bool { channel != nil }

        /// It has words of its own, from a template.
        package var isWritten: Bool { isContact || self == .inApp }

        /// The kind of task a person finds; empty where there is none.
        package var task: String {
            switch self {
            case .callTask: "call"
            case .reviewTask: "review"
            case .approve: "approve"
            case .handover: "handover"
            case .proposeWriteOff: "write_off"
            default: ""
            }
        }

        /// Work for a person, whose outcome may decide where the case goes.
        package var isTask: Bool {
            switch self {
            case .callTask, .reviewTask, .approve, .handover, .proposeWriteOff: true
            default: false
            }
        }
    }

    /// What is tried when a contact has no usable address for the step's channel, or the gateway refuses it for good.
    package enum Fallback: Hashable, Sendable {
        case channel(Channel)
        case nextContact

        package init?(name: String) {
            if name == "next_contact" {
                self = .nextContact
            } else {
                guard let channel = Channel(rawValue: name) else { return nil }
                self = .channel(channel)
            }
        }

        package var name: String {
            switch self {
            case .channel(let channel): channel.rawValue
            case .nextContact: "next_contact"
            }
        }
    }

    /// How grave a contact is: an unknown outcome of a final or legal notice goes to a person, never to "assumed sent".
    package enum Tier: String, Hashable, Sendable, CaseIterable {
        case reminder, final, legal
    }

    package let key: String
    package let kind: Kind
    package let timing: Timing
    package let template: ID<Template>?
    package let tier: Tier
    /// The next step waits until the task is done, or its deadline has passed.
    package let waitsForOutcome: Bool
    package let deadlineBusinessDays: Int
    package let script: String?
    package let fallback: Fallback?
    /// Judged when the step is due; where it does not hold, the step is skipped and the case goes on.
    package let condition: Condition?
    /// Where it is not simply one more than that of the contact before it.
    package let stage: Int?
    /// What comes after it where that is not the next one in the list.
    package let follower: Target?
    package let arms: Arms
    package let effect: Effect
    /// What a wait listens for; its days are then the longest it waits.
    package let awaitedEvent: CaseEvent.Kind?

    package init(
        key: String, kind: Kind, timing: Timing, template: ID<Template>? = nil, tier: Tier = .reminder,
        waitsForOutcome: Bool = false, deadlineBusinessDays: Int = 2, script: String? = nil, fallback: Fallback? = nil,
        condition: Condition? = nil, stage: Int? = nil, follower: Target? = nil, arms: Arms = .none,
        effect: Effect = .none, awaitedEvent: CaseEvent.Kind? = nil
    ) {
        self.key = key
        self.kind = kind
        self.timing = timing
        self.template = template
        self.tier = tier
        self.waitsForOutcome = waitsForOutcome
        self.deadlineBusinessDays = deadlineBusinessDays
        self.script = script
        self.fallback = fallback
        self.condition = condition
        self.stage = stage
        self.follower = follower
        self.arms = arms
        self.effect = effect
        self.awaitedEvent = awaitedEvent
    }

    /// The same step with another text, or none.
    package func with(template: ID<Template>?) -> Step {
        Step(
            key: key, kind: kind, timing: timing, template: template, tier: tier, waitsForOutcome: waitsForOutcome,
            deadlineBusinessDays: deadlineBusinessDays, script: script, fallback: fallback, condition: condition,
            stage: stage, follower: follower, arms: arms, effect: effect, awaitedEvent: awaitedEvent)
    }

    /// A courtesy while nothing is overdue: it stands before the ladder.
    package var isBeforeDue: Bool {
        switch timing {
        case .beforeDue, .afterIssue: true
        default: false
        }
    }

    /// Beside the ladder: once for every event it answers.
    package var isReaction: Bool {
        switch timing {
        case .onEvent, .manual: true
        default: false
        }
    }

    /// One of the steps a case climbs.
    package var isRung: Bool { !isBeforeDue && !isReaction }

    /// The case stands still until somebody has answered, or the deadline of the task has passed.
    package var awaitsOutcome: Bool {
        guard kind.isTask else { return false }
        if case .outcomes = arms { return true }
        return waitsForOutcome
    }
}
