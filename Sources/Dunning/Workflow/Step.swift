/// One step of a workflow version: what happens, and when.
package struct Step: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case email
        /// A text message.
        case sms
        /// Nothing but time.
        case wait
        /// Opens a task for a person to call.
        case callTask = "call_task"

        /// How it speaks to somebody; `nil` when it does not.
        package var channel: Channel? {
            switch self {
            case .email: .email
            case .sms: .sms
            case .wait, .callTask: nil
            }
        }

        package var isContact: Bool { channel != nil }
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

    /// Two directions and a count, never a signed number of days.
    package enum Timing: Hashable, Sendable {
        /// Civil days before an invoice's due date, while nothing is overdue.
        case beforeDue(Int)
        /// Civil days after the anchor's due date.
        case afterDue(Int)
        /// Civil days after the previous step was done.
        case afterPrevious(Int)

        package var name: String {
            switch self {
            case .beforeDue: "before_due"
            case .afterDue: "after_due"
            case .afterPrevious: "after_previous"
            }
        }

        package var days: Int {
            switch self {
            case .beforeDue(let days), .afterDue(let days), .afterPrevious(let days): days
            }
        }

        package init?(name: String, days: Int) {
            switch name {
            case "before_due": self = .beforeDue(days)
            case "after_due": self = .afterDue(days)
            case "after_previous": self = .afterPrevious(days)
            default: return nil
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

    package init(
        key: String, kind: Kind, timing: Timing, template: ID<Template>? = nil, tier: Tier = .reminder,
        waitsForOutcome: Bool = false, deadlineBusinessDays: Int = 2, script: String? = nil, fallback: Fallback? = nil
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
    }

    package var isBeforeDue: Bool {
        if case .beforeDue = timing { true } else { false }
    }
}
