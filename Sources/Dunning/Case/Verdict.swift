/// What the gate says of one due step.
package enum Verdict: Hashable, Sendable {
    /// Send, by this way, listing these invoices.
    case send(Way, [OpenInvoice])
    case skip(Reason)
    case wait(until: Instant, Reason)
}

/// A verdict with the checks that led to it, in the order they were made. Stored with the step, so that "why" is a fact.
package struct Gated: Hashable, Sendable {
    package struct Check: Hashable, Sendable, Codable {
        package let check: String
        package let passed: Bool
        package let detail: String

        package init(check: String, passed: Bool, detail: String) {
            self.check = check
            self.passed = passed
            self.detail = detail
        }
    }

    package let verdict: Verdict
    package let trace: [Check]
}
