/// A point in time with the precision of the database: microseconds since 1970-01-01T00:00Z, leap seconds not counted.
package struct Instant: Hashable, Comparable, Sendable {
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Reads RFC 3339: `2026-11-24T14:00:00Z`, any offset, any number of decimals (those after the sixth are cut off).
    ///
    /// A leap second is taken as the second after it, and only where one can be: at 23:59:60 UTC.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] | 0x20 == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let day = Day(digits: bytes[0..<10]),
            let hour = Digits.number(bytes[11..<13]), hour < 24,
            let minute = Digits.number(bytes[14..<16]), minute < 60,
            let second = Digits.number(bytes[17..<19]), second <= 60,
            let (fraction, zoneStart) = Self.fraction(in: bytes, at: 19),
            let offset = Self.offset(bytes[zoneStart...])
        else { return nil }
        let minutes = Int64(day.number) * 1_440 + Int64(hour * 60 + minute - offset)
        if second == 60, Digits.floorDivide(minutes, 1_440).remainder != 1_439 { return nil }
        microseconds = (minutes * 60 + Int64(second)) * 1_000_000 + fraction
    }

    /// The microseconds after a dot, and where the zone begins.
    private static func fraction(in bytes: [UInt8], at start: Int) -> (Int64, Int)? {
        guard bytes[start] == UInt8(ascii: ".") else { return (0, start) }
        var index = start + 1
        var value: Int64 = 0
        var unit: Int64 = 100_000
        while index < bytes.count, Digits.isDigit(bytes[index]) {
            value += Int64(bytes[index] - UInt8(ascii: "0")) * unit
            unit /= 10
            index += 1
        }
        return index > start + 1 ? (value, index) : nil
    }

    /// Minutes east of UTC.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let sign = bytes.first else { return nil }
        if sign | 0x20 == UInt8(ascii: "z") { return bytes.count == 1 ? 0 : nil }
        let start = bytes.startIndex
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count == 6,
            bytes[start + 3] == UInt8(ascii: ":"),
            let hours = Digits.number(bytes[start + 1..<start + 3]), hours < 24,
            let minutes = Digits.number(bytes[start + 4..<start + 6]), minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    package func adding(microseconds count: Int64) -> Instant {
        Instant(microseconds: microseconds + count)
    }

    package func adding(seconds: Int) -> Instant {
        Instant(microseconds: microseconds + Int64(seconds) * 1_000_000)
    }

    package func adding(minutes: Int) -> Instant {
        adding(seconds: minutes * 60)
    }

    package func adding(hours: Int) -> Instant {
        adding(seconds: hours * 3_600)
    }

    /// Whole days of 24 hours; for civil days use ``Day`` and ``Zone``.
    package func adding(days: Int) -> Instant {
        adding(seconds: days * 86_400)
    }

    /// This instant without its fraction of a second: what a wall clock shows.
    package var startOfSecond: Instant {
        Instant(microseconds: Digits.floorDivide(microseconds, 1_000_000).quotient * 1_000_000)
    }

    /// Microseconds from `earlier` to this instant; negative when `earlier` is later.
    package func microseconds(since earlier: Instant) -> Int64 {
        microseconds - earlier.microseconds
    }
}

extension Instant: CustomStringConvertible, Codable {
    /// RFC 3339 in UTC with as many decimals as needed, at most six.
    package var description: String {
        let (seconds, fraction) = Digits.floorDivide(microseconds, 1_000_000)
        let (number, secondOfDay) = Digits.floorDivide(seconds, 86_400)
        var text = [UInt8]()
        text.reserveCapacity(27)
        // 2^63 microseconds are 107 million days: they fit.
        Day(number: Int32(number)).append(to: &text)
        text.append(UInt8(ascii: "T"))
        Digits.append(UInt64(secondOfDay / 3_600), width: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Digits.append(UInt64(secondOfDay / 60 % 60), width: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Digits.append(UInt64(secondOfDay % 60), width: 2, to: &text)
        if fraction > 0 {
            text.append(UInt8(ascii: "."))
            Digits.append(UInt64(fraction), width: 6, to: &text)
            while text.last == UInt8(ascii: "0") { text.removeLast() }
        }
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let instant = Instant(rfc3339: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time")
        }
        self = instant
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
