package import Dunning
package import Postgres
import Store

/// A person found out what became of a message whose outcome was unknown. Either way it is never sent again.
package struct DecideUnknown: Sendable {
    package enum Decision: String, Sendable, CaseIterable {
        case accepted
        /// It never arrived: the contact does not count.
        case notSent = "not_sent"
    }

    let message: ID<Message>
    let decision: Decision
    let note: String?

    package init(_ message: ID<Message>, _ decision: Decision, note: String? = nil) throws(Rejection) {
        if let note { try TextRule.line(upTo: 500).check(note, at: "/note") }
        self.message = message
        self.decision = decision
        self.note = note
    }

    package func run(in tx: inout Transaction, _ context: Context) throws {
        guard let customer = try tx.message(message)?.record.customer else { throw Rejection.notFound("message") }
        try PlanCases.lock(customers: [customer], in: &tx)
        let resolved = try tx.resolve(
            [(message, decision == .accepted ? .accepted : .refused, "")], at: context.now)
        guard !resolved.isEmpty else {
            throw Rejection.forbiddenByState(code: "outcome_known", detail: "the outcome of this message is known")
        }
        try tx.callOff(context, about: [message])
        try tx.audit(
            context, action: "message.decided", subject: message.uuid, customer: customer,
            detail: ["decision": decision.rawValue, "note": note ?? ""])
        try tx.emit(
            context,
            Emission(
                .messageSettled, message, customer: customer,
                ["state": decision == .accepted ? "accepted" : "refused", "by": "person"]))
        try PlanCases.replan(customers: [customer], cause: "decision", in: &tx, context)
    }
}
