package import Dunning
package import Postgres
import Store

/// Passes over the planned step of a case: the case goes on to its next step at its usual distance. What is on the wire cannot
/// be called back.
package struct SkipStep: Sendable {
    package enum Ground: Sendable, Hashable {
        /// A person has dealt with it another way.
        case byHand
        /// A person or a system of the tenant objects to a message.
        case veto

        var reason: Reason {
            switch self {
            case .byHand: .skippedByHand
            case .veto: .vetoed
            }
        }
    }

    let step: ID<StepRun>
    let ground: Ground
    let note: String

    package init(_ step: ID<StepRun>, _ ground: Ground = .byHand, note: String = "") throws(Rejection) {
        try TextRule.lines(upTo: 2_000).check(note, at: "/note")
        self.step = step
        self.ground = ground
        self.note = note
    }

    /// Returns the case.
    @discardableResult
    package func run(in tx: inout Transaction, _ context: Context) throws -> ID<Enrolment> {
        guard let customer = try tx.claimedSteps([step])[step]?.customer else { throw Rejection.notFound("step_run") }
        try PlanCases.lock(customers: [customer], in: &tx)
        let cases = try tx.loadCases(customers: [customer], now: context.now)
        guard let loaded = cases.first(where: { $0.open?.id == step }), let open = loaded.open, !open.isSending else {
            throw Rejection.forbiddenByState(
                code: "step_not_planned",
                detail: "The step is not planned any more: it is done, skipped or on the wire.")
        }
        guard ground != .veto || open.step.kind.isContact else {
            throw Rejection.forbiddenByState(code: "no_message", detail: "nothing is sent by this step")
        }
        try tx.skipSteps([(step, ground.reason)], at: context.now)
        try tx.withdrawMessages(of: [step], at: context.now)
        var facts = loaded.facts
        facts.pass(open.step, on: facts.zone.day(of: context.now), for: ground.reason)
        try tx.updateCases([facts.state], at: context.now)
        try tx.audit(
            context, action: ground == .veto ? "step.vetoed" : "step.skipped", subject: step.uuid, customer: customer,
            detail: ["reason": ground.reason.rawValue, "key": open.step.key, "note": note])
        try tell(open, of: facts.state, in: &tx, context)
        try PlanCases.replan(customers: [customer], cause: "skip", in: &tx, context)
        return loaded.id
    }

    /// An objection is told as what it is; otherwise only what was announced is taken back.
    private func tell(_ open: OpenStep, of state: CaseState, in tx: inout Transaction, _ context: Context) throws {
        switch ground {
        case .veto:
            try tx.emit(
                context,
                Emission(
                    .messageVetoed, step, customer: state.customer,
                    [
                        "case_id": .text(state.id.description), "step": .text(open.step.key),
                        "by": .text(context.actor),
                    ]))
        case .byHand where open.announcedAt != nil:
            try tx.emit(context, .withdrawn(open, of: state, ground.reason))
        case .byHand: break
        }
    }
}
