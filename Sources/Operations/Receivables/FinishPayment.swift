package import Dunning
package import Postgres
import Store

/// Says what became of money under way: it has arrived, or it will not. Said twice changes nothing.
package struct FinishPayment: Sendable {
    package enum Outcome: Sendable, Hashable {
        /// Nil: on the day it was announced for.
        case succeeded(on: Day?)
        case failed
    }

    let payment: ID<Payment>
    let outcome: Outcome

    package init(_ payment: ID<Payment>, _ outcome: Outcome) {
        self.payment = payment
        self.outcome = outcome
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> RecordPayment.Result {
        guard let seen = try tx.payment(payment), seen.kind == .payment else { throw Rejection.notFound("payment") }
        try Debtor.lock(seen.customer, in: &tx)
        guard let found = try tx.payment(payment) else { preconditionFailure("payments are never deleted") }
        switch (found.status, outcome) {
        case (.pending, .succeeded(let day)): return try arrive(found, on: day, in: &tx, context)
        case (.pending, .failed): return try fail(found, in: &tx, context)
        case (.succeeded, .succeeded), (.failed, .failed): return (found, try Crossing(found.answer), false)
        case (.succeeded, .failed):
            throw Rejection.forbiddenByState(
                code: "payment_succeeded", detail: "The money has arrived: reverse the payment instead.")
        case (.failed, _):
            throw Rejection.forbiddenByState(
                code: "payment_failed", detail: "The payment has failed: record the new try as a payment of its own.")
        case (.reversed, _):
            throw Rejection.forbiddenByState(code: "payment_reversed", detail: "The payment was taken back.")
        }
    }

    private func arrive(
        _ found: PaymentRecord, on day: Day?, in tx: inout Transaction, _ context: Context
    ) throws -> RecordPayment.Result {
        let day = day ?? found.valueDate
        guard day <= (try tx.today(of: found.brand, context)) else {
            throw Rejection.invalid("/value_date", "in_future", "money is recorded when it has come, not before")
        }
        let told = try tx.told(of: payment)
        let invoices = try tx.invoices(named: payment)
        try tx.turn(found, to: .succeeded, on: day, isAutomatic: told.isAutomatic)
        try tx.spreadInFlight([], instead: [payment])
        try BookAccounts.run(
            customers: [found.customer], invoices: invoices, fresh: [payment], in: &tx, context)
        try tx.audit(
            context, action: "payment.succeeded", subject: payment.uuid, customer: found.customer,
            detail: ["value_date": day.description])
        return try RecordPayment.answered(payment, cause: "payment", in: &tx, context)
    }

    private func fail(
        _ found: PaymentRecord, in tx: inout Transaction, _ context: Context
    ) throws -> RecordPayment.Result {
        let invoices = try tx.invoices(named: payment)
        try tx.turn(found, to: .failed, isAutomatic: try tx.told(of: payment).isAutomatic)
        try tx.spreadInFlight([], instead: [payment])
        try BookAccounts.run(customers: [found.customer], invoices: invoices, in: &tx, context)
        try tx.audit(
            context, action: "payment.failed", subject: payment.uuid, customer: found.customer, detail: [:])
        try PlanCases.replan(customers: [found.customer], cause: "payment.failed", in: &tx, context)
        guard let failed = try tx.payment(payment) else { preconditionFailure("payments are never deleted") }
        return (failed, try Crossing(failed.answer), true)
    }
}
