/// A `date`: a day without a zone, as the number of days since 1970-01-01.
package struct CivilDate: Hashable, Comparable, Sendable {
    /// Negative before 1970.
    package let daysSince1970: Int32

    package init(daysSince1970: Int32) { self.daysSince1970 = daysSince1970 }

    package static func < (left: CivilDate, right: CivilDate) -> Bool { left.daysSince1970 < right.daysSince1970 }
}

extension CivilDate: PostgresValue {
    /// Reads `2026-11-24` or `0044-03-15 BC`. `infinity` is refused: no day of ours is infinite.
    package init(postgresText text: String) throws(PostgresError) {
        var reader = DateReader(text)
        guard let parts = reader.yearMonthDay() else { throw .undecodable("date") }
        let beforeChrist = reader.endsBeforeChrist()
        guard reader.isAtEnd, let day = CivilDay(parts, beforeChrist: beforeChrist),
            let number = Int32(exactly: day.daysSince1970)
        else { throw .undecodable("date") }
        self.init(daysSince1970: number)
    }

    package var postgresText: String {
        let day = CivilDay(daysSince1970: Int(daysSince1970))
        return day.digits + day.eraSuffix
    }
}

/// A year, month and day of the proleptic Gregorian calendar, between day numbers and PostgreSQL's text.
///
/// Years count astronomically (year 0 is 1 BC), as the arithmetic needs it; only the text knows about `BC`.
struct CivilDay: Equatable {
    var year: Int
    var month: Int
    var day: Int

    /// The civil day `days` after 1970-01-01, by eras of 400 years that start on 1 March so that the leap day comes
    /// last.
    init(daysSince1970 days: Int) {
        let shifted = days + Self.daysFromYearZeroTo1970
        let era = (shifted >= 0 ? shifted : shifted - (Self.daysPerEra - 1)) / Self.daysPerEra
        let dayOfEra = shifted - era * Self.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `nil` when there is no such day, as 30 February.
    init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Self.length(ofMonth: month, year: year) else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysPerEra + dayOfEra - Self.daysFromYearZeroTo1970
    }

    /// `2026-11-24`, with the year as PostgreSQL counts it: never 0.
    var digits: String {
        "\(padded(year > 0 ? year : 1 - year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
    }

    /// What follows the whole text of a date or timestamp before year 1.
    var eraSuffix: String { year > 0 ? "" : " BC" }

    private static let daysPerEra = 146_097
    private static let daysFromYearZeroTo1970 = 719_468

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// `number` in decimal with leading zeros; not negative.
func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
