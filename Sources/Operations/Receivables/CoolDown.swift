import Dunning
import Postgres
import Store

/// Money that was taken back opens its case again: somebody is asked to look at it, and the customer hears nothing for the days
/// its workflow says (``Dunning/WorkflowLimits/coolDownDays``).
///
/// The customer's cases are locked; the caller plans them again.
struct CoolDown {
    let payment: PaymentRecord
    let posting: PostingRecord
    /// What the payment covered.
    let invoices: Set<ID<Invoice>>

    func run(in tx: inout Transaction, _ context: Context) throws {
        try PlanCases.open(customers: [payment.customer], entry: .firstStage, in: &tx, context)
        let loaded = try tx.loadCases(customers: [payment.customer], now: context.now).first { loaded in
            let state = loaded.facts.state
            return (state.brand, state.currency) == (posting.brand, posting.amount.currency)
        }
        guard let loaded else { return }
        let days = loaded.facts.workflow.limits.coolDownDays
        if days > 0 {
            let zone = loaded.facts.brand.zone
            try tx.place(
                context,
                HoldRecord(
                    id: .make(at: context.now), scope: .customer(payment.customer), reason: ActiveHold.reversed,
                    note: "payment \(payment.name.externalID) was taken back (\(posting.reason))", from: context.now,
                    until: zone.startOfDay(zone.day(of: context.now).adding(days + 1)), at: context.now))
        }
        try tx.ask(context, [review(of: loaded, restingFor: days, context)])
    }

    private func review(of loaded: LoadedCase, restingFor days: Int, _ context: Context) -> NewTask {
        let amount = posting.amount.formatted()
        var numbers: [String] = []
        for invoice in loaded.facts.invoices where invoices.contains(invoice.id) && !numbers.contains(invoice.number) {
            numbers.append(invoice.number)
        }
        let again = numbers.isEmpty ? "" : " Open again: \(numbers.joined(separator: ", "))."
        return NewTask(
            kind: .review, customer: payment.customer, enrolment: loaded.id,
            title: "\(amount) of \(loaded.customer.name) was taken back",
            script: "Payment \(payment.name.externalID) of \(payment.valueDate): \(amount) was taken back on "
                + "\(posting.valueDate) (\(posting.reason)).\(again) Find out why before the case goes on"
                + (days > 0 ? "; it rests for \(days) days, or until its hold is released." : "."),
            deadline: Deadline.after(businessDays: 2, from: context.now, facts: loaded.facts))
    }
}
