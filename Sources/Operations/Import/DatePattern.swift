package import Dunning

/// A declared way of writing dates: `M/d/yyyy`, `yyyy-MM-dd`, `dd.MM.yyyy`, or `timestamp`.
///
/// `yyyy` stands for four digits, `MM` and `dd` for two, `M` and `d` for one or two; everything else stands for itself.
/// `timestamp` is ISO 8601 with date and time, `2026-11-24T14:00:00Z`: its day is the one that is written, whatever the
/// offset, since systems export days as midnight of some zone.
package struct DatePattern: Sendable, Hashable {
    private enum Element: Hashable {
        case year, month(padded: Bool), day(padded: Bool)
        case literal(UInt8)
    }

    package let text: String
    private let elements: [Element]
    private let isTimestamp: Bool

    /// `nil` unless year, month and day each occur once, with something between numbers of unknown length.
    package init?(_ text: String) {
        self.text = text
        isTimestamp = text == "timestamp"
        guard !isTimestamp else {
            elements = []
            return
        }
        var elements: [Element] = []
        var rest = text.utf8[...]
        while let byte = rest.first {
            let run = rest.prefix { $0 == byte }.count
            switch (byte, run) {
            case (UInt8(ascii: "y"), 4): elements.append(.year)
            case (UInt8(ascii: "M"), 1...2): elements.append(.month(padded: run == 2))
            case (UInt8(ascii: "d"), 1...2): elements.append(.day(padded: run == 2))
            case (UInt8(ascii: "A")...UInt8(ascii: "Z"), _), (UInt8(ascii: "a")...UInt8(ascii: "z"), _),
                (UInt8(ascii: "0")...UInt8(ascii: "9"), _):
                return nil
            case (0x20..<0x7F, _): elements.append(contentsOf: Array(repeating: .literal(byte), count: run))
            default: return nil
            }
            rest = rest.dropFirst(run)
        }
        let years = elements.count { $0 == .year }
        let months = elements.count { if case .month = $0 { true } else { false } }
        let days = elements.count { if case .day = $0 { true } else { false } }
        guard text.utf8.count <= 32, years == 1, months == 1, days == 1 else { return nil }
        for (element, next) in zip(elements, elements.dropFirst()) {
            switch element {
            case .month(padded: false), .day(padded: false): guard case .literal = next else { return nil }
            default: break
            }
        }
        self.elements = elements
    }

    /// `nil` for a text of another form and for a day the calendar does not have.
    package func day(_ text: String) -> Day? { day(Array(text.utf8)[...]) }

    func day(_ text: ArraySlice<UInt8>) -> Day? {
        if isTimestamp { return ISOTimestamp.day(text) }
        var rest = text
        var (year, month, day) = (0, 0, 0)
        for element in elements {
            switch element {
            case .literal(let byte): guard rest.popFirst() == byte else { return nil }
            case .year: guard let value = Self.number(&rest, 4, 4) else { return nil }; year = value
            case .month(let padded):
                guard let value = Self.number(&rest, padded ? 2 : 1, 2) else { return nil }; month = value
            case .day(let padded):
                guard let value = Self.number(&rest, padded ? 2 : 1, 2) else { return nil }; day = value
            }
        }
        return rest.isEmpty ? Day(year: year, month: month, day: day) : nil
    }

    /// Takes at least so many digits and at most so many; `nil` when there are fewer.
    static func number(_ rest: inout ArraySlice<UInt8>, _ least: Int, _ most: Int) -> Int? {
        var value = 0
        var count = 0
        while count < most, let byte = rest.first, byte &- UInt8(ascii: "0") < 10 {
            value = value * 10 + Int(byte &- UInt8(ascii: "0"))
            count += 1
            rest.removeFirst()
        }
        return count >= least ? value : nil
    }

    /// Whether the other is this one with day and month changed round, so that nobody could tell which was meant.
    func contradicts(_ other: DatePattern) -> Bool {
        shape(isTurned: true) == other.shape(isTurned: false) && !isTimestamp
    }

    private func shape(isTurned: Bool) -> [Element] {
        elements.map { element in
            switch element {
            case .month: isTurned ? .day(padded: true) : .month(padded: true)
            case .day: isTurned ? .month(padded: true) : .day(padded: true)
            default: element
            }
        }
    }
}

/// ISO 8601 with date and time: `2026-11-24T14:00`, seconds, decimals and an offset if there are any.
enum ISOTimestamp {
    static func day(_ text: ArraySlice<UInt8>) -> Day? { parts(text)?.day }

    /// Microseconds since 1970; without an offset in UTC.
    static func microseconds(_ text: ArraySlice<UInt8>) -> Int64? {
        parts(text).map { (Int64($0.day.number) * 86_400 + Int64($0.second)) * 1_000_000 + Int64($0.fraction) }
    }

    private static func parts(_ text: ArraySlice<UInt8>) -> (day: Day, second: Int, fraction: Int)? {
        var rest = text
        func skip(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }
        guard let year = DatePattern.number(&rest, 4, 4), skip(UInt8(ascii: "-")),
            let month = DatePattern.number(&rest, 2, 2), skip(UInt8(ascii: "-")),
            let day = DatePattern.number(&rest, 2, 2), let date = Day(year: year, month: month, day: day),
            skip(UInt8(ascii: "T")) || skip(UInt8(ascii: "t")) || skip(UInt8(ascii: " ")),
            let hour = DatePattern.number(&rest, 2, 2), hour < 24, skip(UInt8(ascii: ":")),
            let minute = DatePattern.number(&rest, 2, 2), minute < 60
        else { return nil }
        var second = 0
        var fraction = 0
        if skip(UInt8(ascii: ":")) {
            guard let value = DatePattern.number(&rest, 2, 2), value <= 60 else { return nil }
            second = value
            if skip(UInt8(ascii: ".")) {
                let digits = rest.prefix { $0 &- UInt8(ascii: "0") < 10 }
                guard !digits.isEmpty else { return nil }
                rest = rest.dropFirst(digits.count)
                for place in 0..<6 {
                    let index = digits.startIndex + place
                    fraction = fraction * 10 + (index < digits.endIndex ? Int(digits[index] - UInt8(ascii: "0")) : 0)
                }
            }
        }
        guard let offset = offset(rest) else { return nil }
        return (date, (hour * 60 + minute - offset) * 60 + second, fraction)
    }

    /// Minutes east of UTC: nothing, `Z`, `+01:00`, `+0100` or `+01`.
    private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
        var rest = text
        guard let sign = rest.popFirst() else { return 0 }
        if sign | 0x20 == UInt8(ascii: "z") { return rest.isEmpty ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = DatePattern.number(&rest, 2, 2),
            hours < 24
        else { return nil }
        var minutes = 0
        if !rest.isEmpty {
            if rest.first == UInt8(ascii: ":") { rest.removeFirst() }
            guard let value = DatePattern.number(&rest, 2, 2), value < 60, rest.isEmpty else { return nil }
            minutes = value
        }
        return (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }
}
