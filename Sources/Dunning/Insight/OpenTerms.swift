/// Which of an invoice's terms what is open of it falls on: the oldest is covered first, the last one takes what the plan
/// does not know of.
package enum OpenTerms {
    /// - Parameters:
    ///   - open: not covered yet, minor units.
    ///   - total: invoiced, with its adjustments.
    ///   - terms: the oldest first, those without a due date last; at least one.
    package static func split(
        open: Int64, total: Int64, terms: [(dueDate: Day?, amount: Int64)]
    ) -> [(dueDate: Day?, open: Int64)] {
        let beyond = total - terms.reduce(0) { $0 + $1.amount }
        var rest = open
        var parts: [(dueDate: Day?, open: Int64)] = []
        for (index, term) in terms.enumerated().reversed() {
            let share = max(0, term.amount + (index == terms.count - 1 ? beyond : 0))
            let part = index == 0 ? rest : min(share, rest)
            rest -= part
            parts.append((term.dueDate, part))
        }
        return parts.reversed()
    }
}
