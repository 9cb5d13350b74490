package import Dunning
package import Postgres
package import Store

/// Ends a dispute: what is still open is asked for again. Where the customer is right, record the credit note as well. The same
/// outcome again changes nothing.
package struct ResolveDispute: Sendable {
    let dispute: ID<Dispute>
    let outcome: DisputeRecord.Outcome

    package init(_ dispute: ID<Dispute>, _ outcome: DisputeRecord.Outcome) {
        self.dispute = dispute
        self.outcome = outcome
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> DisputeRecord {
        guard let found = try tx.dispute(dispute), let invoice = try tx.invoice(found.invoice) else {
            throw Rejection.notFound("dispute")
        }
        try Debtor.lock(found.customer, in: &tx)
        let today = try tx.today(of: invoice.brand, context)
        let isNew = try tx.resolve(found, outcome, on: today, at: context.now)
        guard let resolved = try tx.dispute(dispute) else { preconditionFailure("disputes are never deleted") }
        guard isNew else {
            guard resolved.outcome == outcome else {
                throw Rejection.forbiddenByState(
                    code: "already_resolved", detail: "The dispute has ended with another outcome.")
            }
            return resolved
        }
        try tx.audit(
            context, action: "dispute.resolved", subject: dispute.uuid, customer: found.customer,
            detail: ["invoice": found.invoice.description, "outcome": outcome.rawValue])
        try tx.record(
            [(customer: found.customer, kind: .disputeResolved)], brand: invoice.brand, currency: found.currency,
            at: context.now)
        try tx.emit(
            context,
            Emission(
                .disputeResolved, dispute, customer: found.customer,
                ["invoice_id": .text(found.invoice.description), "outcome": .text(outcome.rawValue)]))
        try PlanCases.replan(customers: [found.customer], cause: "dispute.resolved", in: &tx, context)
        return resolved
    }
}
