package import Dunning

/// A declared way of writing dates: `M/d/yyyy`, `yyyy-MM-dd`, `dd.MM.yyyy`.
///
/// `yyyy` stands for four digits, `MM` and `dd` for two, `M` and `d` for one or two; everything else stands for itself.
/// Nothing is guessed: a date in another form is an error, since 3/4 is two different days.
package struct DatePattern: Sendable, Hashable {
    private enum Element: Hashable {
        case year, month(padded: Bool), day(padded: Bool)
        case literal(UInt8)
    }

    package let text: String
    private let elements: [Element]

    /// `nil` unless year, month and day each occur once, with something between numbers of unknown length.
    package init?(_ text: String) {
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
        self.text = text
        self.elements = elements
    }

    /// `nil` for a text of another form and for a day the calendar does not have.
    package func day(_ text: String) -> Day? {
        var rest = text.utf8[...]
        var (year, month, day) = (0, 0, 0)
        for element in elements {
            switch element {
            case .literal(let byte): guard rest.popFirst() == byte else { return nil }
            case .year: guard let value = Self.number(&rest, 4...4) else { return nil }; year = value
            case .month(let padded):
                guard let value = Self.number(&rest, padded ? 2...2 : 1...2) else { return nil }; month = value
            case .day(let padded):
                guard let value = Self.number(&rest, padded ? 2...2 : 1...2) else { return nil }; day = value
            }
        }
        return rest.isEmpty ? Day(year: year, month: month, day: day) : nil
    }

    private static func number(_ rest: inout Substring.UTF8View, _ length: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix(length.upperBound).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard digits.count >= length.lowerBound else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
