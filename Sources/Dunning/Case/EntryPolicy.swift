/// How cases that exist at go-live, or come with an import, enter their workflow (architecture 5.1).
package enum EntryPolicy: Hashable, Sendable {
    /// Nothing is sent until a person has confirmed the case.
    case review
    case firstStage
    /// The stage the anchor's age calls for, at most this one.
    case byAgeCapped(Int)
    /// Invoices overdue for more than this many days are held; the rest enter at the first stage.
    case ignoreOlderThan(Int)

    /// `review`, `first_stage`, `by_age_capped(2)`, `ignore_older_than(90)`.
    package init?(_ text: String) {
        func argument(_ name: String) -> Int? {
            guard text.hasPrefix(name + "("), text.hasSuffix(")") else { return nil }
            return Int(text.dropFirst(name.count + 1).dropLast())
        }
        switch text {
        case "review": self = .review
        case "first_stage": self = .firstStage
        default:
            if let cap = argument("by_age_capped"), (1...99).contains(cap) {
                self = .byAgeCapped(cap)
            } else if let days = argument("ignore_older_than"), (0...36500).contains(days) {
                self = .ignoreOlderThan(days)
            } else {
                return nil
            }
        }
    }

    package var text: String {
        switch self {
        case .review: "review"
        case .firstStage: "first_stage"
        case .byAgeCapped(let cap): "by_age_capped(\(cap))"
        case .ignoreOlderThan(let days): "ignore_older_than(\(days))"
        }
    }

    /// The default where nobody chose: a person looks first when many or old debts would be written to.
    package static func standard(customers: Int, oldestDaysOverdue: Int) -> EntryPolicy {
        customers > 50 || oldestDaysOverdue > 90 ? .review : .firstStage
    }
}
