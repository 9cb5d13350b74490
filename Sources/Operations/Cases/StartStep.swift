package import Dunning
package import Postgres
import Store

/// A person or a program asks for a manual step of a case's workflow: it is planned at once, and gated like any other.
package struct StartStep: Sendable {
    let enrolment: ID<Enrolment>
    package let key: String

    package init(_ enrolment: ID<Enrolment>, key: String) {
        self.enrolment = enrolment
        self.key = key
    }

    /// The step as it is planned now; nil where something comes before it, or the case may not be spoken to at all.
    package func run(in tx: inout Transaction, _ context: Context) throws -> PlannedStep? {
        guard let customer = try tx.customer(of: enrolment) else { throw Rejection.notFound("case") }
        try PlanCases.lock(customers: [customer], in: &tx)
        guard
            let loaded = try tx.loadCases(customers: [customer], now: context.now).first(where: { $0.id == enrolment })
        else { throw Rejection.forbiddenByState(code: "case_closed", detail: "The case has ended.") }
        guard loaded.facts.workflow.step(key)?.timing == .manual else {
            throw Rejection.forbiddenByState(
                code: "not_manual", detail: "The case's workflow has no step of this key that is started by hand.")
        }
        try tx.record([(enrolment: enrolment, kind: .asked(key))], at: context.now)
        try tx.audit(
            context, action: "step.asked", subject: enrolment.uuid, customer: customer, detail: ["key": key])
        try PlanCases.replan(customers: [customer], cause: "step.asked", in: &tx, context)
        let now = try tx.loadCases(customers: [customer], now: context.now).first { $0.id == enrolment }
        return now?.open.flatMap { $0.step.key == key ? $0.step : nil }
    }
}
