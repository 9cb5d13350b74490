/// The days on which a brand does not remind: holidays by rule, and days of its own.
package struct BusinessCalendar: Hashable, Sendable, Codable {
    /// A built-in set of holidays.
    package enum Rule: String, Hashable, Sendable, Codable, CaseIterable {
        case none
        /// The legal public holidays of 5 U.S.C. 6103, and the days on which they are observed.
        case usFederal = "us_federal"
    }

    package var rule: Rule
    package var holidays: Set<Day>

    package init(rule: Rule = .none, holidays: Set<Day> = []) {
        self.rule = rule
        self.holidays = holidays
    }

    /// Never a holiday.
    package static let none = BusinessCalendar()
    /// The federal holidays of the United States, computed.
    package static let usFederal = BusinessCalendar(rule: .usFederal)

    package func isHoliday(_ day: Day) -> Bool {
        if rule == .usFederal, Self.isFederal(day) { return true }
        return holidays.contains(day)
    }

    /// A holiday of fixed date on a Saturday is observed on Friday as well, one on a Sunday on Monday as well
    /// (Executive Order 11582); New Year's Day of the next year may thus be observed on 31 December.
    private static func isFederal(_ day: Day) -> Bool {
        if isFixed(day) { return true }
        return switch day.weekday {
        case .monday: isFixed(day.adding(-1)) || isMovable(day)
        case .friday: isFixed(day.adding(1))
        case .thursday: isMovable(day)
        default: false
        }
    }

    private static func isFixed(_ day: Day) -> Bool {
        let (year, month, number) = day.parts
        return switch (month, number) {
        case (1, 1), (7, 4), (11, 11), (12, 25): true
        case (6, 19): year >= 2021
        default: false
        }
    }

    /// Holidays that are the n-th such weekday of a month; Memorial Day is the last Monday of May.
    private static func isMovable(_ day: Day) -> Bool {
        let (_, month, number) = day.parts
        let occurrence = (number + 6) / 7
        return switch (month, day.weekday) {
        case (1, .monday), (2, .monday): occurrence == 3
        case (5, .monday): number > 24
        case (9, .monday): occurrence == 1
        case (10, .monday): occurrence == 2
        case (11, .thursday): occurrence == 4
        default: false
        }
    }
}
