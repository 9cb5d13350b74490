package import Dunning
package import Postgres
import Store

/// Takes back money that had been received: charged back, bounced, or recorded by mistake. What it covered is open again, and
/// the case goes on at the stage it had, after some days in which somebody looks at it (``CoolDown``).
package struct ReversePayment: Sendable {
    package enum Reason: String, Sendable, CaseIterable { case chargeback, bounced, mistake }

    let payment: ID<Payment>
    let request: PostingRequest

    package init(_ payment: ID<Payment>, _ request: PostingRequest) {
        self.payment = payment
        self.request = request
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Posted {
        guard let seen = try tx.payment(payment), seen.kind == .payment else { throw Rejection.notFound("payment") }
        try Debtor.lock(seen.customer, in: &tx)
        if let stored = try request.repeated(.reversal, about: payment.description, in: &tx) {
            return try Posted(stored, isNew: false)
        }
        // Read again: another request may have had the lock before.
        guard let found = try tx.payment(payment) else { preconditionFailure("payments are never deleted") }
        guard found.status == .succeeded else {
            throw Rejection.forbiddenByState(
                code: "payment_\(found.status.rawValue)",
                detail: found.status == .pending
                    ? "The money has not come: say that it failed." : "There is nothing left to take back.")
        }
        let standing = try tx.standing(of: payment)
        let left = standing.reduce(0) { $0 + $1.amount }
        guard left > 0 else {
            throw Rejection.forbiddenByState(
                code: "payment_refunded",
                detail: "All of it was given back already: there is nothing left to take back.")
        }
        let amount = try request.amount(
            of: Money(minor: left, currency: found.amount.currency),
            excess: ("exceeds_payment", "more than what is left of the payment"))
        let day = try request.day(from: found.valueDate, today: try tx.today(of: found.brand, context))
        let movements = Self.movements(taking: amount, from: standing, on: day)
        if amount == left {
            try tx.turn(
                found, to: .reversed, isAutomatic: try tx.told(of: payment).isAutomatic)
        }
        try tx.know(source: request.name.source, at: context.now)
        try BookAccounts.run(
            customers: [found.customer], invoices: try tx.invoices(named: payment),
            entries: request.entries(movements, on: found.key), in: &tx, context)
        let posting = PostingRecord(
            id: .make(at: context.now), kind: .reversal, key: found.key, payment: payment, name: request.name,
            amount: amount, valueDate: day, reason: request.reason, note: request.note, answer: try Crossing().kept(),
            recordedAt: context.now)
        try tx.insert(posting, request: request.canonical(about: payment.description))
        try Watch.hear(request.name.source, in: &tx, context)
        try tx.audit(
            context, action: "payment.reversed", subject: payment.uuid, customer: found.customer,
            detail: [
                "amount": posting.amount.decimal, "currency": posting.amount.currency.code, "reason": request.reason,
            ])
        try CoolDown(payment: found, posting: posting, invoices: Set(standing.compactMap(\.invoice)))
            .run(in: &tx, context)
        try PlanCases.replan(customers: [found.customer], cause: "reversal", in: &tx, context)
        return try Posted(posting, isNew: true)
    }

    /// Credit goes first, then what covers the youngest debts. Where the money came to stand there later, it is taken from
    /// credit; where it stood instead on that day is found when it is booked (``Overdraft``).
    private static func movements(taking amount: Int64, from standing: [StandingMoney], on day: Day) -> [Movement] {
        var left = amount
        return standing.flatMap { money -> [Movement] in
            let share = min(left, money.amount)
            left -= share
            guard share > 0 else { return [] }
            func movement(_ kind: Movement.Kind, on invoice: ID<Invoice>?, _ amount: Int64, _ day: Day) -> Movement {
                Movement(kind: kind, invoice: invoice, payment: money.payment, amount: amount, valueDate: day)
            }
            guard let invoice = money.invoice, money.since > day else {
                return [movement(.reversal, on: money.invoice, share, day)]
            }
            return [
                movement(.reversal, on: nil, share, day), movement(.transfer, on: invoice, share, money.since),
                movement(.transfer, on: nil, -share, money.since),
            ]
        }
    }
}
