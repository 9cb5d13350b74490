/// A civil day of the proleptic Gregorian calendar, in no zone at all.
///
/// Due dates, value dates and contact days are `Day`s; which instants belong to one is the business of a ``Zone``.
package struct Day: Hashable, Sendable {
    /// Days since 1970-01-01; negative before.
    package let number: Int32

    package init(number: Int32) {
        self.number = number
    }

    /// A day of the years 1 to 9999; `nil` when the calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9_999).contains(year), (1...12).contains(month), day >= 1, day <= Self.length(of: month, in: year)
        else {
            return nil
        }
        self.init(validYear: year, month: month, day: day)
    }

    /// Reads `YYYY-MM-DD` and nothing else.
    package init?(_ iso: String) {
        let bytes = Array(iso.utf8)
        guard bytes.count == 10 else { return nil }
        self.init(digits: bytes[...])
    }

    /// Reads ten bytes `YYYY-MM-DD`; the slice may be part of a longer text.
    init?(digits bytes: ArraySlice<UInt8>) {
        let start = bytes.startIndex
        guard bytes.count == 10, bytes[start + 4] == UInt8(ascii: "-"), bytes[start + 7] == UInt8(ascii: "-"),
            let year = Digits.number(bytes[start..<start + 4]),
            let month = Digits.number(bytes[start + 5..<start + 7]),
            let day = Digits.number(bytes[start + 8..<start + 10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Years are counted from March, so that the leap day is the last of its year; a cycle of 400 years has 146,097
    /// days.
    private init(validYear year: Int, month: Int, day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let (cycle, yearOfCycle) = Digits.floorDivide(shifted, 400)
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        number = Int32(cycle * 146_097 + dayOfCycle - 719_468)
    }

    /// Year, month and day at once; cheaper than asking for each.
    package var parts: (year: Int, month: Int, day: Int) {
        let (cycle, dayOfCycle) = Digits.floorDivide(Int(number) + 719_468, 146_097)
        let leaps = dayOfCycle / 1_460 - dayOfCycle / 36_524 + dayOfCycle / 146_096
        let yearOfCycle = (dayOfCycle - leaps) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    package var year: Int { parts.year }
    package var month: Int { parts.month }
    package var day: Int { parts.day }

    package var weekday: Weekday {
        // 1970-01-01 was a Thursday; the remainder is 0...6, so the raw value always exists.
        Weekday(rawValue: Digits.floorDivide(Int(number) + 3, 7).remainder + 1)!
    }

    /// The day `count` days later (earlier when negative); stops at the ends of the representable range.
    package func adding(_ count: Int) -> Day {
        let (sum, overflow) = Int(number).addingReportingOverflow(count)
        return Day(number: overflow ? (count < 0 ? .min : .max) : Int32(clamping: sum))
    }

    static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension Day: Comparable, Strideable {
    package static func < (left: Day, right: Day) -> Bool {
        left.number < right.number
    }

    package func distance(to other: Day) -> Int {
        Int(other.number) - Int(number)
    }

    package func advanced(by count: Int) -> Day {
        adding(count)
    }
}

extension Day: CustomStringConvertible {
    /// ISO 8601, `2026-11-24`.
    package var description: String {
        var text = [UInt8]()
        text.reserveCapacity(10)
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    func append(to text: inout [UInt8]) {
        let (year, month, day) = parts
        if year < 0 { text.append(UInt8(ascii: "-")) }
        Digits.append(UInt64(year.magnitude), width: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        Digits.append(UInt64(month), width: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        Digits.append(UInt64(day), width: 2, to: &text)
    }
}

extension Day: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = Day(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a day written YYYY-MM-DD")
        }
        self = day
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
