import Dunning
import Postgres
import Store

/// A step that was not done because nobody approved it, as it stands in the history of its case.
struct Unapproved {
    let state: CaseState
    let step: PlannedStep

    /// - Parameter step: where nobody has answered: what is being done instead, or passed over.
    init?(_ facts: CaseFacts, before step: PlannedStep, at now: Instant) {
        guard let missed = facts.notApproved(before: step, at: now) else { return nil }
        self.init(facts.state, missed)
    }

    init(_ state: CaseState, _ step: PlannedStep) {
        self.state = state
        self.step = step
    }
}

extension Transaction {
    /// Each is skipped with its reason.
    mutating func skip(_ context: Context, _ unapproved: [Unapproved]) throws(PostgresError) {
        guard !unapproved.isEmpty else { return }
        let skipped = unapproved.map {
            NewStepRun(
                id: .make(at: context.now), state: $0.state, step: $0.step, lane: tenantID, skipped: .notApproved)
        }
        try insertSteps(skipped, at: context.now)
        try audit(
            context,
            skipped.map {
                AuditEntry(
                    action: "step.skipped", subject: $0.id.uuid, customer: $0.state.customer,
                    detail: ["reason": Reason.notApproved.rawValue, "cause": "approval"])
            })
    }
}
