import Dunning
import Foundation
import Postgres
import Queue
import Store

/// Does what a step without a wire stands for, and moves the case on. The gate has let it pass; the cases of the customer are
/// locked.
struct CarryOut {
    let open: OpenStep
    let loaded: LoadedCase
    /// What a message in the tenant's product lists.
    let listed: [OpenInvoice]
    let trace: [Gated.Check]
    let lease: Lease

    var customer: ID<Customer> { loaded.facts.state.customer }

    func run(in tx: inout Transaction, templates: TemplateCache, _ context: Context) throws {
        var facts = loaded.facts
        let step = facts.workflow.step(open.step.key)
        let decision = step.map { facts.decision(of: $0, at: context.now) } ?? CaseFacts.Decision()
        if let step {
            guard try act(step, decision, templates: templates, in: &tx, context) else { return }
            // Notices, events and signals: what has nothing to say is silent.
            try tell(step, in: &tx, context)
        }
        try tx.skip(context, [Unapproved(facts, before: open.step, at: context.now)].compactMap(\.self))
        try tx.finishSteps([open.id], at: context.now)
        if let target = decision.target { try tx.directSteps([(open.id, target)]) }
        if !decision.words.isEmpty {
            let way = decision.target.map { "to \($0.text): " } ?? ""
            try tx.traceSteps([
                (open.id, trace + [Gated.Check(check: "leads", passed: true, detail: way + decision.words)])
            ])
        }
        facts.finish(open.step, on: facts.zone.day(of: context.now), target: decision.target)
        try tx.updateCases([facts.state], at: context.now)
        try tx.audit(
            context, action: "step.done", subject: open.id.uuid, customer: customer,
            detail: [
                "kind": open.step.kind.rawValue, "key": open.step.key, "leads_to": decision.target?.text ?? "",
                "because": decision.words,
            ])
        try PlanCases.replan(customers: [customer], cause: "step", in: &tx, context)
    }

    /// False when it cannot be done yet, and waits in the queue again.
    private func act(
        _ step: Step, _ decision: CaseFacts.Decision, templates: TemplateCache, in tx: inout Transaction,
        _ context: Context
    ) throws -> Bool {
        switch step.kind {
        case .inApp: return try show(step, templates: templates, in: &tx, context)
        case .callTask, .reviewTask, .approve, .handover, .proposeWriteOff: try ask(step, in: &tx, context)
        case .hold: try hold(step, in: &tx, context)
        case .split:
            if case .split(let experiment, _) = step.arms, let share = decision.share {
                try tx.choose(share, of: experiment, for: customer, at: context.now)
            }
        case .setSegment: try changeSegment(step, in: &tx, context)
        case .assignOwner:
            if case .owner(let owner) = step.effect { try AssignOwner(owner, of: customer).run(in: &tx, context) }
        case .notifyTeam, .webhook, .serviceSignal: try tell(step, in: &tx, context)
        // Decided above: they only lead on. Contacts go by a wire.
        case .wait, .branch, .repeat, .email, .sms: break
        }
        return true
    }
}
