/// Something that happened to a case and that a step may answer or wait for.
package struct CaseEvent: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case promiseMade, promiseBroken, disputeOpened, disputeResolved, partPayment
        case messageBounced, replied
        case instalmentMissed
        /// The customer is reached at another address or number than its last letter went to.
        case contactChanged
        /// The name of the segment; empty in a trigger: any.
        case segmentJoined(String)
        /// The word of the outcome; empty in a trigger: any.
        case taskOutcome(String)
        /// A person or the API asked for the manual step of this key.
        case asked(String)
        /// Reported by the tenant's own systems, under a name of theirs.
        case api(String)

        /// `promise_broken`, `task_outcome:promised`, `api:contract_ended`.
        package init?(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let argument = parts.count > 1 ? String(parts[1]) : ""
            guard argument.utf8.count <= 80, parts.count == 1 || !argument.isEmpty else { return nil }
            switch (String(parts[0]), argument.isEmpty) {
            case ("promise_made", true): self = .promiseMade
            case ("promise_broken", true): self = .promiseBroken
            case ("dispute_opened", true): self = .disputeOpened
            case ("dispute_resolved", true): self = .disputeResolved
            case ("part_payment", true): self = .partPayment
            case ("message_bounced", true): self = .messageBounced
            case ("replied", true): self = .replied
            case ("instalment_missed", true): self = .instalmentMissed
            case ("contact_changed", true): self = .contactChanged
            case ("segment_joined", _): self = .segmentJoined(argument)
            case ("task_outcome", _): self = .taskOutcome(argument)
            case ("asked", false): self = .asked(argument)
            case ("api", false): self = .api(argument)
            default: return nil
            }
        }

        package var text: String {
            switch self {
            case .promiseMade: "promise_made"
            case .promiseBroken: "promise_broken"
            case .disputeOpened: "dispute_opened"
            case .disputeResolved: "dispute_resolved"
            case .partPayment: "part_payment"
            case .messageBounced: "message_bounced"
            case .replied: "replied"
            case .instalmentMissed: "instalment_missed"
            case .contactChanged: "contact_changed"
            case .segmentJoined(let name): name.isEmpty ? "segment_joined" : "segment_joined:\(name)"
            case .taskOutcome(let word): word.isEmpty ? "task_outcome" : "task_outcome:\(word)"
            case .asked(let key): "asked:\(key)"
            case .api(let name): "api:\(name)"
            }
        }

        /// Whether a trigger of this kind answers an event of that one.
        package func matches(_ event: Kind) -> Bool {
            switch (self, event) {
            case (.segmentJoined(""), .segmentJoined), (.taskOutcome(""), .taskOutcome): true
            default: self == event
            }
        }
    }

    /// Counted from 1 within the case, in the order they were written.
    package let number: Int
    package let kind: Kind
    package let at: Instant

    package init(number: Int, kind: Kind, at: Instant) {
        self.number = number
        self.kind = kind
        self.at = at
    }
}
