/// A part of an invoice with a due date of its own.
package struct Instalment: Hashable, Sendable {
    package let dueDate: Day?
    /// Minor units.
    package let amount: Int64

    package init(dueDate: Day?, amount: Int64) {
        self.dueDate = dueDate
        self.amount = amount
    }

    /// How many an invoice may have: ten years of months.
    package static let limit = 120

    package struct Part: Hashable, Sendable {
        package let dueDate: Day?
        package let amount: Int64
        package let covered: Int64
    }

    /// What of each instalment is asked for and covered, oldest first. The plan may know another total than the invoice
    /// has by now: a lowered total is taken off the youngest, what was added is due with the last.
    package static func parts(of total: Int64, covered: Int64, _ terms: [Instalment]) -> [Part] {
        var (left, covered) = (max(0, total), covered)
        return terms.enumerated().map { index, term in
            let amount = index == terms.count - 1 ? left : min(max(0, term.amount), left)
            let share = max(0, min(amount, covered))
            left -= amount
            covered -= share
            return Part(dueDate: term.dueDate, amount: amount, covered: share)
        }
    }
}
