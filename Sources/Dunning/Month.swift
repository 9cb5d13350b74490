/// A civil month, in no zone at all.
package struct Month: Hashable, Sendable {
    /// Months since the year 0.
    private let number: Int

    package init(of day: Day) {
        let (year, month, _) = day.parts
        number = year * 12 + month - 1
    }

    private init(number: Int) {
        self.number = number
    }

    package var year: Int { number / 12 }
    package var month: Int { number % 12 + 1 }

    package var first: Day { Day(year: year, month: month, day: 1) ?? Day(number: 0) }
    package var last: Day { first.adding(length - 1) }

    /// How many days it has.
    package var length: Int { Day.length(of: month, in: year) }

    /// The month `count` months later (earlier when negative).
    package func adding(_ count: Int) -> Month { Month(number: number + count) }
}

extension Month: Comparable, CustomStringConvertible {
    package static func < (left: Month, right: Month) -> Bool { left.number < right.number }

    /// `2026-03`.
    package var description: String { String(first.description.prefix(7)) }
}
