package import Dunning
package import Postgres
import Store

/// Passes over the planned step of a case; the case goes on to the next one. What is on the wire cannot be called back.
package struct SkipStep: Sendable {
    let step: ID<StepRun>
    let note: String

    package init(_ step: ID<StepRun>, note: String = "") throws(Rejection) {
        try TextRule.lines(upTo: 2_000).check(note, at: "/note")
        self.step = step
        self.note = note
    }

    package func run(in tx: inout Transaction, _ context: Context) throws {
        guard let customer = try tx.claimedSteps([step])[step]?.customer else { throw Rejection.notFound("step_run") }
        try PlanCases.lock(customers: [customer], in: &tx)
        let cases = try tx.loadCases(customers: [customer], now: context.now)
        guard let loaded = cases.first(where: { $0.open?.id == step }), let open = loaded.open, !open.isSending else {
            throw Rejection.forbiddenByState(
                code: "step_not_planned",
                detail: "The step is not planned any more: it is done, skipped or on the wire.")
        }
        try tx.skipSteps([(step, .skippedByHand)], at: context.now)
        try tx.withdrawMessages(of: [step], at: context.now)
        let facts = loaded.facts
        try tx.updateCases(
            [
                Advance.passing(
                    open.step, state: facts.state, workflow: facts.workflow, day: facts.zone.day(of: context.now),
                    reason: .skippedByHand, heard: facts.lastEvent)
            ], at: context.now)
        try tx.audit(
            context, action: "step.skipped", subject: step.uuid, customer: customer,
            detail: ["reason": Reason.skippedByHand.rawValue, "key": open.step.key, "note": note])
        try PlanCases.replan(customers: [customer], cause: "skip", in: &tx, context)
    }
}
