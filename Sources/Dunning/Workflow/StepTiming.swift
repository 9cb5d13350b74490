extension Step {
    /// When a step is due. Directions and counts, never a signed number of days.
    package enum Timing: Hashable, Sendable {
        /// Civil days before an invoice's due date, while nothing is overdue.
        case beforeDue(Int)
        /// Civil days after an invoice was issued, while nothing is overdue.
        case afterIssue(Int)
        /// Civil days after the anchor's due date.
        case afterDue(Int)
        /// Civil days, or days on which the brand works, after the previous step was done.
        case afterPrevious(Int, business: Bool = false)
        /// On that day, or as soon as the case gets there later.
        case onDate(Day)
        /// Civil days after something happened, once for each time it happens.
        case onEvent(CaseEvent.Kind, Int)
        /// Only when a person or the API asks for it.
        case manual

        package var name: String {
            switch self {
            case .beforeDue: "before_due"
            case .afterIssue: "after_issue"
            case .afterDue: "after_due"
            case .afterPrevious(_, let isBusiness): isBusiness ? "business_days_after_previous" : "after_previous"
            case .onDate: "on_date"
            case .onEvent: "on_event"
            case .manual: "manual"
            }
        }

        package var days: Int {
            switch self {
            case .beforeDue(let days), .afterIssue(let days), .afterDue(let days), .afterPrevious(let days, _),
                .onEvent(_, let days):
                days
            case .onDate, .manual: 0
            }
        }

        /// Nil for a name that is unknown, or needs more than a number of days.
        package init?(name: String, days: Int) {
            switch name {
            case "before_due": self = .beforeDue(days)
            case "after_issue": self = .afterIssue(days)
            case "after_due": self = .afterDue(days)
            case "after_previous": self = .afterPrevious(days)
            case "business_days_after_previous": self = .afterPrevious(days, business: true)
            case "manual": self = .manual
            default: return nil
            }
        }
    }
}
