package import Dunning
package import Postgres
import Store

/// Gives credit back to the customer: the payment's own first, then the rest of the account's, the oldest first. A refund
/// reopens nothing, so what covers an invoice cannot be given back before a credit note has ended that debt.
package struct RefundPayment: Sendable {
    let payment: ID<Payment>
    let request: PostingRequest

    package init(_ payment: ID<Payment>, _ request: PostingRequest) {
        self.payment = payment
        self.request = request
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Posted {
        guard let found = try tx.payment(payment), found.kind == .payment else { throw Rejection.notFound("payment") }
        try Debtor.lock(found.customer, in: &tx)
        if let stored = try request.repeated(.refund, about: payment.description, in: &tx) {
            return try Posted(stored, isNew: false)
        }
        let key = found.key
        let everywhere = try tx.credit(of: key)
        let credit = everywhere.filter { $0.payment == payment } + everywhere.filter { $0.payment != payment }
        let all = Money(minor: credit.reduce(0) { $0 + $1.amount }, currency: key.currency)
        guard all.minor > 0 || request.amount != nil else {
            throw Rejection.forbiddenByState(
                code: "no_credit", detail: "There is no credit to give back: record the credit note first.")
        }
        let amount = try request.amount(
            of: all,
            excess: ("exceeds_credit", "the customer's credit is \(all.formatted()): record the credit note first"))
        let day = try request.day(from: found.valueDate, today: try tx.today(of: key.brand, context))
        var left = amount
        let movements: [Movement] = credit.compactMap { money in
            let share = min(left, money.amount)
            left -= share
            guard share > 0 else { return nil }
            return Movement(kind: .refund, payment: money.payment, amount: share, valueDate: max(day, money.since))
        }
        try tx.know(source: request.name.source, at: context.now)
        try BookAccounts.run(
            customers: [key.customer], entries: request.entries(movements, on: key), in: &tx, context)
        let posting = PostingRecord(
            id: .make(at: context.now), kind: .refund, key: key, payment: payment, name: request.name, amount: amount,
            valueDate: day, reason: request.reason, note: request.note, answer: try Crossing().kept(),
            recordedAt: context.now)
        try tx.insert(posting, request: request.canonical(about: payment.description))
        try Watch.hear(request.name.source, in: &tx, context)
        try tx.audit(
            context, action: "payment.refunded", subject: payment.uuid, customer: key.customer,
            detail: ["amount": posting.amount.decimal, "currency": key.currency.code, "reason": request.reason])
        try PlanCases.replan(customers: [key.customer], cause: "refund", in: &tx, context)
        return try Posted(posting, isNew: true)
    }
}
