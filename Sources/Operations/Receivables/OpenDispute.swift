package import Dunning
package import Postgres
package import Store

/// Records that the customer says something is wrong: the disputed part of the invoice is not asked for until resolved.
/// Promises about it end. The same again finds the dispute that is open.
package struct OpenDispute: Sendable {
    let invoice: ID<Invoice>
    /// Nil: all of it.
    let amount: Money?
    let reason: String
    let note: String

    package init(
        about invoice: ID<Invoice>, amount: Money? = nil, reason: String, note: String = ""
    ) throws(Rejection) {
        try Word.check(reason, at: "/reason")
        try TextRule.lines(upTo: 2_000).check(note, at: "/note")
        if let amount, amount.minor <= 0 {
            throw .invalid("/amount/amount", "not_positive", "must be more than nothing")
        }
        self.invoice = invoice
        self.amount = amount
        self.reason = reason
        self.note = note
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> (dispute: DisputeRecord, isNew: Bool) {
        guard let seen = try tx.invoice(invoice) else {
            throw Rejection.invalid("/invoice_id", "unknown_invoice", "there is no such invoice")
        }
        try Debtor.lock(seen.customer, in: &tx)
        guard let found = try tx.invoice(invoice) else { preconditionFailure("invoices are never deleted") }
        if let open = try tx.openDispute(about: invoice) {
            guard open.amount == amount, open.reason == reason, open.note == note else {
                throw Rejection.forbiddenByState(
                    code: "already_disputed", detail: "Another dispute about this invoice is open: resolve it first.")
            }
            return (open, false)
        }
        guard found.open.minor > 0 else {
            throw Rejection.forbiddenByState(code: "nothing_open", detail: "Nothing of this invoice is open.")
        }
        if let amount {
            guard amount.currency == found.open.currency else {
                throw Rejection.invalid("/amount/currency", "wrong_currency", "must be \(found.open.currency.code)")
            }
            guard amount.minor <= found.open.minor else {
                throw Rejection.invalid("/amount/amount", "exceeds_open", "more than what is open")
            }
        }
        let today = try tx.today(of: found.brand, context)
        let dispute = DisputeRecord(
            id: .make(at: context.now), customer: found.customer, invoice: invoice, currency: found.open.currency,
            amount: amount, reason: reason, note: note, from: today, at: context.now)
        guard try tx.open(dispute) else { preconditionFailure("the account is locked, and none was open") }
        let ended = try tx.runningPromises(about: [invoice], on: today)
        try tx.cancel(ended, .dispute, on: today)
        try tx.audit(
            context, action: "dispute.opened", subject: dispute.id.uuid, customer: found.customer,
            detail: ["invoice": invoice.description, "amount": amount?.decimal ?? "", "reason": reason])
        try tx.record(
            [(customer: found.customer, kind: .disputeOpened)], brand: found.brand, currency: found.open.currency,
            at: context.now)
        try tx.emit(
            context,
            ended.map {
                Emission(.promiseCancelled, $0, customer: found.customer, ["reason": "dispute"])
            } + [
                Emission(
                    .disputeOpened, dispute.id, customer: found.customer,
                    [
                        "invoice_id": .text(invoice.description), "reason": .text(reason),
                        "amount": amount.map { .text($0.decimal) } ?? .none,
                        "currency": .text(found.open.currency.code),
                    ])
            ])
        try PlanCases.replan(customers: [found.customer], cause: "dispute.opened", in: &tx, context)
        return (dispute, true)
    }
}
