package import Dunning

/// Instalments as a request states them: each with a day, in order, adding up to the invoice.
package struct InstalmentPlan: Sendable, Hashable {
    package let instalments: [Instalment]

    /// Throws ``Rejection/invalid(_:)`` at the member that breaks the rule.
    package init(_ instalments: [Instalment], of total: Money, issued: Day?) throws(Rejection) {
        guard (2...Instalment.limit).contains(instalments.count) else {
            throw .invalid("/instalments", "out_of_range", "must be 2 to \(Instalment.limit); one is a due date")
        }
        for (index, part) in instalments.enumerated() {
            guard part.amount > 0 else {
                throw .invalid("/instalments/\(index)/amount", "not_positive", "must be more than nothing")
            }
            guard let due = part.dueDate, index == 0 || due > instalments[index - 1].dueDate ?? due else {
                throw .invalid(
                    "/instalments/\(index)/due_date", "order", "must be later than that of the instalment before")
            }
            if let issued, due < issued {
                throw .invalid(
                    "/instalments/\(index)/due_date", "before_issue_date", "the due date lies before the issue date")
            }
        }
        guard instalments.reduce(0, { $0 + $1.amount }) == total.minor else {
            throw .invalid("/instalments", "other_sum", "must add up to the amount of the invoice, \(total.decimal)")
        }
        self.instalments = instalments
    }

    var firstDue: Day? { instalments.first?.dueDate }

    var text: String {
        instalments.map { "\($0.dueDate?.description ?? "")=\($0.amount)" }.joined(separator: ",")
    }
}
