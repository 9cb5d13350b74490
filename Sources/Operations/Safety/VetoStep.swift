package import Dunning
package import Postgres
import Store

/// A person or a system objects to a message that was planned: it is not sent, and the case goes on to its next step at its
/// usual distance.
package struct VetoStep: Sendable {
    let step: ID<StepRun>
    let reason: String

    package init(_ step: ID<StepRun>, reason: String = "") throws(Rejection) {
        try TextRule.lines(upTo: 500).check(reason, at: "/reason")
        self.step = step
        self.reason = reason
    }

    /// Returns the case.
    package func run(in tx: inout Transaction, _ context: Context) throws -> ID<Enrolment> {
        guard let customer = try tx.claimedSteps([step])[step]?.customer else { throw Rejection.notFound("step") }
        try PlanCases.lock(customers: [customer], in: &tx)
        let cases = try tx.loadCases(customers: [customer], now: context.now)
        guard let loaded = cases.first(where: { $0.open?.id == step }), let open = loaded.open, !open.isSending else {
            throw Rejection.forbiddenByState(
                code: "not_planned", detail: "the step is done, skipped, or on its way already")
        }
        guard open.step.kind.isContact else {
            throw Rejection.forbiddenByState(code: "no_message", detail: "nothing is sent by this step")
        }
        try tx.skipSteps([(step, .vetoed)], at: context.now)
        try tx.withdrawMessages(of: [step], at: context.now)
        let facts = loaded.facts
        try tx.updateCases(
            [
                Advance.passing(
                    open.step, state: facts.state, workflow: facts.workflow, day: facts.zone.day(of: context.now),
                    reason: .vetoed)
            ], at: context.now)
        try tx.audit(
            context, action: "step.vetoed", subject: step.uuid, customer: customer,
            detail: ["key": open.step.key, "reason": reason])
        try tx.emit(
            context,
            Emission(
                .messageVetoed, step, customer: customer,
                [
                    "case_id": .text(loaded.id.description), "step": .text(open.step.key), "by": .text(context.actor),
                ]))
        try PlanCases.replan(customers: [customer], cause: "veto", in: &tx, context)
        return loaded.id
    }
}
