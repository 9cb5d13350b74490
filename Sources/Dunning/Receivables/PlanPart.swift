/// One instalment of a payment plan.
package struct PlanPart: Hashable, Sendable {
    package let dueOn: Day
    /// Minor units.
    package let amount: Int64

    package init(dueOn: Day, amount: Int64) {
        self.dueOn = dueOn
        self.amount = amount
    }
}
