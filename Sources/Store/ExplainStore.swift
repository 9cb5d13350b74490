package import Dunning
import Foundation
package import Postgres

/// What happened to one step of a case.
package struct StepHistory: Sendable {
    package let id: ID<StepRun>
    package let enrolment: ID<Enrolment>
    package let key: String
    package let kind: Step.Kind
    package let stage: Int
    package let state: String
    package let reason: Reason?
    package let dueAt: Instant
    package let at: Instant
    package let message: ID<Message>?
    package let trace: [Gated.Check]
}

/// A case that ended.
package struct ClosedCase: Sendable {
    package let id: ID<Enrolment>
    package let currency: Currency
    package let reason: Reason?
    package let stage: Int
    package let closedAt: Instant
}

extension Transaction {
    package mutating func stepHistory(of customer: ID<Customer>, limit: Int) throws(PostgresError) -> [StepHistory] {
        var found: [StepHistory] = []
        for row in try rows("explain_steps", tenantID, customer, limit) {
            let planned: Instant = try row("planned_at")
            let trace: JSONText? = try row.optional("trace")
            found.append(
                StepHistory(
                    id: try row("step_run_id"), enrolment: try row("enrolment_id"), key: try row("step_key"),
                    kind: try row("kind"), stage: try row("stage"), state: try row("state"),
                    reason: try row.optional("reason"), dueAt: try row("due_at"),
                    at: try row.optional("finished_at") ?? planned, message: try row.optional("message_id"),
                    trace: trace.flatMap { try? JSONDecoder().decode([Gated.Check].self, from: Data($0.text.utf8)) }
                        ?? []))
        }
        return found
    }

    package mutating func closedCases(of customer: ID<Customer>) throws(PostgresError) -> [ClosedCase] {
        var found: [ClosedCase] = []
        for row in try rows("explain_closed_cases", tenantID, customer) {
            found.append(
                ClosedCase(
                    id: try row("enrolment_id"), currency: try row("currency"), reason: try row("exit_reason"),
                    stage: try row("stage"), closedAt: try row("closed_at")))
        }
        return found
    }
}
