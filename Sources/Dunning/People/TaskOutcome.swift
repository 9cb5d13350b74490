/// What came of a task: the closed list, of which each ``TaskKind`` has some.
package enum TaskOutcome: String, Hashable, Sendable, CaseIterable {
    /// The customer says when it pays.
    case promised
    /// The customer says that something is wrong.
    case disputed
    /// It will pay, but says no day.
    case willPay = "will_pay"
    /// It says that the money is on its way.
    case saysPaid = "says_paid"
    /// It will not pay.
    case refused
    case noAnswer = "no_answer"
    case wrongNumber = "wrong_number"
    case approved
    case declined
    /// Another address was found.
    case found
    case notFound = "not_found"
    /// The message arrived.
    case accepted
    /// The message never left.
    case notSent = "not_sent"
    case done
}
