package import Dunning

/// Why something was sent, skipped or waits: in words for people, in fields for programs, from the closed list of reasons.
package struct Explanation: Sendable, Codable {
    /// What comes next for one case.
    package struct Next: Sendable, Codable {
        package let caseID: ID<Enrolment>
        package let currency: String
        package let status: String
        package let stage: Int
        package let step: String?
        package let dueAt: Instant?
        /// What the gate would say now: send, wait or skip; nil without a step.
        package let verdict: String?
        package let reason: Reason?
        package let trace: [Gated.Check]
        package let words: String
        /// What the case follows, by name and number, and every place that might have named another.
        package var workflow: String?
        package var workflowVersion: Int?
        package var assignment: [Resolve.Candidate] = []

        enum CodingKeys: String, CodingKey {
            case caseID = "case_id"
            case dueAt = "due_at"
            case currency, status, stage, step, verdict, reason, trace, words, workflow, assignment
            case workflowVersion = "workflow_version"
        }
    }

    /// What happened, the newest first.
    package struct Event: Sendable, Codable {
        package let at: Instant
        package let what: String
        package let reason: Reason?
        package let messageID: ID<Message>?
        package let words: String

        enum CodingKeys: String, CodingKey {
            case at, what, reason, words
            case messageID = "message_id"
        }
    }

    package let subject: String
    package let now: Instant
    package let words: [String]
    package let next: [Next]
    package let history: [Event]
}
