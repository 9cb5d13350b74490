package import Dunning
package import Foundation
package import Postgres

/// A step run to be written: planned, or passed over with a reason.
package struct NewStepRun: Sendable {
    package let id: ID<StepRun>
    package let state: CaseState
    package let step: PlannedStep
    package let lane: UUID
    package let skipped: Reason?

    package init(id: ID<StepRun>, state: CaseState, step: PlannedStep, lane: UUID, skipped: Reason? = nil) {
        self.id = id
        self.state = state
        self.step = step
        self.lane = lane
        self.skipped = skipped
    }
}

/// A step on its way in a message.
package struct TravellingStep: Sendable {
    package let id: ID<StepRun>
    package let enrolment: ID<Enrolment>
    package let customer: ID<Customer>
    package let message: ID<Message>
    package let step: PlannedStep
}

extension Transaction {
    package mutating func insertSteps(_ steps: [NewStepRun], at now: Instant) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try post(
            "step_run_insert", tenantID, steps.map(\.id), steps.map(\.state.id), steps.map(\.state.customer),
            steps.map(\.state.cycle), steps.map(\.step.key), steps.map(\.step.occurrence), steps.map(\.step.kind),
            steps.map(\.step.stage), steps.map(\.lane), steps.map { $0.skipped == nil ? "planned" : "skipped" },
            steps.map { $0.skipped?.rawValue ?? "" }, steps.map(\.step.dueAt), now, steps.map(\.step.round))
    }

    package mutating func skipSteps(_ steps: [(ID<StepRun>, Reason)], at now: Instant) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try post("step_run_skip", tenantID, steps.map(\.0), steps.map(\.1), now)
        try removeDue(steps.map(\.0))
    }

    package mutating func moveSteps(_ steps: [(ID<StepRun>, Instant, UUID)]) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try post("step_run_move", tenantID, steps.map(\.0), steps.map(\.1), steps.map(\.2))
        try removeDue(steps.map(\.0))
    }

    /// The same steps, later; their due rows are released to the same instant by their holder.
    package mutating func moveWaiting(_ steps: [(ID<StepRun>, Instant)]) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try post("step_run_wait", tenantID, steps.map(\.0), steps.map(\.1))
    }

    /// Takes the due rows of steps away; whoever claimed them finds nothing to arm.
    package mutating func removeDue(_ steps: [ID<StepRun>]) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try post("due_delete_steps", tenantID, steps)
    }

    /// Each with what the gate looked at.
    package mutating func sendSteps(
        _ steps: [(id: ID<StepRun>, message: ID<Message>, trace: [Gated.Check])]
    ) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try post(
            "step_run_send", tenantID, steps.map(\.id), steps.map(\.message), steps.map { FlatJSON.of($0.trace) })
    }

    /// Steps of these messages are planned again, at the given times.
    package mutating func returnSteps(of messages: [(ID<Message>, Instant)]) throws(PostgresError) {
        guard !messages.isEmpty else { return }
        try post("step_run_back", tenantID, messages.map(\.0), messages.map(\.1))
    }

    package mutating func finishSteps(_ steps: [ID<StepRun>], at now: Instant) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try post("step_run_done", tenantID, steps, now)
    }

    /// Keeps where steps led.
    package mutating func directSteps(_ steps: [(ID<StepRun>, Step.Target)]) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try post("step_run_went", tenantID, steps.map(\.0), steps.map(\.1.text))
    }

    package mutating func failSteps(_ steps: [ID<StepRun>], at now: Instant) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try post("step_run_undeliverable", tenantID, steps, now)
    }

    /// Keeps what the gate looked at with the step.
    package mutating func traceSteps(_ traces: [(ID<StepRun>, [Gated.Check])]) throws(PostgresError) {
        guard !traces.isEmpty else { return }
        try post("step_run_trace", tenantID, traces.map(\.0), traces.map { FlatJSON.of($0.1) })
    }

    package mutating func claimedSteps(
        _ ids: [ID<StepRun>]
    ) throws(PostgresError) -> [ID<StepRun>: (customer: ID<Customer>, isPlanned: Bool)] {
        var found: [ID<StepRun>: (customer: ID<Customer>, isPlanned: Bool)] = [:]
        for row in try rows("step_run_claimed", tenantID, ids) {
            let state: String = try row("state")
            found[try row("step_run_id")] = (try row("customer_id"), state == "planned")
        }
        return found
    }

    package mutating func travellingSteps(of messages: [ID<Message>]) throws(PostgresError) -> [TravellingStep] {
        var found: [TravellingStep] = []
        for row in try rows("step_run_of_messages", tenantID, messages) {
            found.append(
                TravellingStep(
                    id: try row("step_run_id"), enrolment: try row("enrolment_id"),
                    customer: try row("customer_id"), message: try row("message_id"),
                    step: PlannedStep(
                        key: try row("step_key"), kind: try row("kind"), occurrence: try row("occurrence"),
                        round: try row("round"), stage: try row("stage"), dueAt: try row("due_at"))))
        }
        return found
    }
}
