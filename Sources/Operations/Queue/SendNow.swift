package import Dunning
import Foundation
package import Postgres
import Queue
import Store

/// Sends the next message of a case now instead of on its day, before what was planned for today. Everything else holds: the
/// gate asks about payment, holds, caps and the window all the same, and may answer later or never.
package struct SendNow: Sendable {
    let enrolment: ID<Enrolment>

    package init(_ enrolment: ID<Enrolment>) { self.enrolment = enrolment }

    /// Returns the step.
    package func run(in tx: inout Transaction, _ context: Context) throws -> ID<StepRun> {
        guard let tenant = try tx.tenantRecord(), let customer = try tx.customer(of: enrolment) else {
            throw Rejection.notFound("case")
        }
        guard tenant.mode == .live else {
            throw Rejection.forbiddenByState(code: "not_live", detail: "nothing is sent before the activation")
        }
        try PlanCases.lock(customers: [customer], in: &tx)
        let cases = try tx.loadCases(customers: [customer], now: context.now)
        guard let loaded = cases.first(where: { $0.id == enrolment }), let open = loaded.open, !open.isSending,
            open.lane != tx.tenantID
        else {
            throw Rejection.forbiddenByState(code: "nothing_to_send", detail: "no message of this case is planned")
        }
        try tx.hurry(open.id, at: context.now)
        try tx.removeDue([open.id])
        try tx.enqueue([
            NewDue(kind: .step, ref: open.id.uuid, lane: open.lane, runAt: context.now, isUrgent: true)
        ])
        try tx.audit(
            context, action: "step.hurried", subject: open.id.uuid, customer: customer,
            detail: ["key": open.step.key, "planned": open.step.dueAt.description])
        return open.id
    }
}
