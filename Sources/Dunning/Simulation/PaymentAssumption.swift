/// What a simulation supposes of the customers' money.
package enum PaymentAssumption: Hashable, Sendable {
    /// Nobody pays: the most that could go out.
    case nobody
    /// Every customer pays each invoice so many days after its due date as it usually did; one without a history does not.
    case asUsual
    /// Of every hundred invoices so many are paid, so many days after their due date; which ones is decided by their id.
    case share(percent: Int, afterDays: Int)

    /// `nobody`, `as_usual`, `share(60, 20)`.
    package init?(_ text: String) {
        switch text {
        case "nobody": self = .nobody
        case "as_usual": self = .asUsual
        default:
            guard text.hasPrefix("share("), text.hasSuffix(")") else { return nil }
            let numbers = text.dropFirst(6).dropLast().split(separator: ",", omittingEmptySubsequences: false)
                .map { Int($0.drop { $0 == " " }) }
            guard numbers.count == 2, let percent = numbers[0], let days = numbers[1], (0...100).contains(percent),
                (-365...3_650).contains(days)
            else { return nil }
            self = .share(percent: percent, afterDays: days)
        }
    }

    package static let forms =
        "must be nobody, as_usual or share(60, 20): 60 of a hundred pay 20 days after the due date"

    package var text: String {
        switch self {
        case .nobody: "nobody"
        case .asUsual: "as_usual"
        case .share(let percent, let days): "share(\(percent), \(days))"
        }
    }

    /// The day on which this invoice is paid in full; `nil` when it is not.
    ///
    /// - Parameter usualDelay: days after the due date at which the customer usually paid.
    package func day(of invoice: OpenInvoice, usualDelay: Int?) -> Day? {
        guard let due = invoice.dueDate else { return nil }
        switch self {
        case .nobody: return nil
        case .asUsual: return usualDelay.map { due.adding($0) }
        case .share(let percent, let days):
            return SendTime.spread(invoice.id, over: 100) < percent ? due.adding(days) : nil
        }
    }
}
