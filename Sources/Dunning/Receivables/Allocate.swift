/// How a payment is spread over open invoices (architecture 5.4): as its source says, else oldest due first.
package enum Allocate {
    package struct Target: Hashable, Sendable {
        package let invoice: ID<Invoice>
        package let dueDate: Day?
        /// Minor units not covered yet.
        package let open: Int64

        package init(invoice: ID<Invoice>, dueDate: Day?, open: Int64) {
            self.invoice = invoice
            self.dueDate = dueDate
            self.open = open
        }
    }

    package struct Share: Hashable, Sendable {
        package let invoice: ID<Invoice>
        package let amount: Int64

        package init(invoice: ID<Invoice>, amount: Int64) {
            self.invoice = invoice
            self.amount = amount
        }
    }

    /// Oldest due first; without a due date last; the sum never exceeds the amount nor a share its invoice.
    package static func oldestFirst(_ amount: Int64, over targets: [Target]) -> [Share] {
        var rest = amount
        var shares: [Share] = []
        let sorted = targets.sorted { left, right in
            let leftDue = left.dueDate ?? Day(number: .max), rightDue = right.dueDate ?? Day(number: .max)
            return leftDue != rightDue ? leftDue < rightDue : left.invoice < right.invoice
        }
        for target in sorted where rest > 0 && target.open > 0 {
            let share = min(rest, target.open)
            shares.append(Share(invoice: target.invoice, amount: share))
            rest -= share
        }
        return shares
    }
}
