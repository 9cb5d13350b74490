package import Dunning

/// The days a number is about, both included.
package struct InsightPeriod: Sendable, Hashable {
    /// Days of a period when nothing else is asked for.
    package static let standard = 90

    package let from: Day
    package let to: Day

    /// The period that ends on a day, 90 days long unless its first day is named.
    package init(from: Day?, to: Day) throws(Rejection) {
        let from = from ?? to.adding(1 - Self.standard)
        guard from <= to else { throw .invalid("?from", "after_to", "must not be after the last day, \(to)") }
        guard from.distance(to: to) < 3_660 else {
            throw .invalid("?from", "too_long", "a period has at most 3660 days")
        }
        guard to.year < 9_990, from.year > 1_900 else {
            throw .invalid("?to", "out_of_range", "must be a day of the years 1901 to 9989")
        }
        self.from = from
        self.to = to
    }

    package var days: Int { from.distance(to: to) + 1 }

    /// The first day of the earliest month that matters by itself.
    var back: Day {
        min(Month(of: to).adding(1 - DSO.lookback).first, Month(of: from).first)
    }

    /// Sales by month, the latest first, up to the last day of the period.
    func months(_ sales: [(start: Day, amount: Double)]) -> [DSO.SalesMonth] {
        var sums: [Month: Double] = [:]
        for cell in sales { sums[Month(of: cell.start), default: 0] += cell.amount }
        return (0..<DSO.lookback).map { age in
            let month = Month(of: to).adding(-age)
            return DSO.SalesMonth(
                sales: sums[month] ?? 0, days: month.first.distance(to: min(to, month.last)) + 1)
        }
    }
}

/// In which money an answer is.
package enum InsightMoney: Sendable, Hashable {
    /// Each currency by itself.
    case each
    case one(Currency)
    /// All together, in the tenant's base currency.
    case base
}
