/// One thing that happens in a simulation, as it would stand in the tables afterwards.
package enum SimulatedEvent: Hashable, Sendable {
    case message(SimulatedMessage)
    case inApp(SimulatedNotice)
    case skip(SimulatedSkip)
    case task(SimulatedTask)
    /// A case ended, with its reason.
    case exit(at: Instant, ID<Enrolment>, Reason)

    package var at: Instant {
        switch self {
        case .message(let message): message.at
        case .inApp(let notice): notice.at
        case .skip(let skip): skip.at
        case .task(let task): task.at
        case .exit(let at, _, _): at
        }
    }
}

/// A message that would go out: one contact, whatever it lists.
package struct SimulatedMessage: Hashable, Sendable {
    package let at: Instant
    /// In the contact's zone.
    package let day: Day
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let contact: ID<Contact>
    package let channel: Channel
    /// The highest of its sections.
    package let stage: Int
    package let sections: [Section]
    package let isAccepted: Bool

    /// What one case has to say in it.
    package struct Section: Hashable, Sendable {
        package let enrolment: ID<Enrolment>
        package let step: String
        package let currency: Currency
        /// Minor units, of what it lists.
        package let amount: Int64
        /// Each once, in the order they are listed.
        package let invoices: [ID<Invoice>]
        /// Nobody was written to about this case before, in its cycle.
        package let isFirst: Bool
    }
}

/// A message that the tenant's own product would show: no contact, whatever it lists.
package struct SimulatedNotice: Hashable, Sendable {
    package let at: Instant
    package let customer: ID<Customer>
    package let stage: Int
    package let section: SimulatedMessage.Section
}

/// A step that would not be sent, with its reason.
package struct SimulatedSkip: Hashable, Sendable {
    package let at: Instant
    package let customer: ID<Customer>
    package let enrolment: ID<Enrolment>
    package let step: String
    package let reason: Reason
}

/// Work that a person would be given.
package struct SimulatedTask: Hashable, Sendable {
    package let at: Instant
    package let customer: ID<Customer>
    package let enrolment: ID<Enrolment>
    /// `nil`: the case ran out of steps.
    package let step: String?
    package let kind: String
}
