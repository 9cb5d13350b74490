/// What a person is asked to do; each kind ends in one of its own outcomes, and in no other.
package enum TaskKind: String, Hashable, Sendable, CaseIterable {
    case call
    /// Somebody has to look at the case before it goes on.
    case review
    /// Somebody has to say yes before the next step.
    case approve
    /// The customer has no address that can be written to.
    case address
    /// Whether a message arrived is not known.
    case unknown
    /// The customer wrote back: somebody has to read it.
    case reply
    /// The debt could be given up. Money is never moved by a timer: only a person's yes writes it off.
    case writeOff = "write_off"
    /// The case could go to an agency: a person's yes hands it over.
    case handover

    /// What may come of it: the words a workflow can branch by.
    package var outcomes: [TaskOutcome] {
        switch self {
        case .call: [.promised, .disputed, .willPay, .saysPaid, .refused, .noAnswer, .wrongNumber, .done]
        case .review:
            [.approved, .declined, .promised, .disputed, .willPay, .saysPaid, .refused, .noAnswer, .wrongNumber, .done]
        case .approve: [.approved, .declined]
        // Approved: it is done at once; done: a person has done it some other way.
        case .writeOff, .handover: [.approved, .declined, .done]
        case .address: [.found, .notFound]
        case .unknown: [.accepted, .notSent]
        case .reply: [.promised, .disputed, .willPay, .saysPaid, .refused, .done]
        }
    }
}
