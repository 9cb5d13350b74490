import Dunning

/// The way of writing amounts that a mapping declares.
///
/// A minus may stand in front or behind, and an amount in parentheses is negative: these mean one thing everywhere.
/// Which sign separates decimals and which groups digits does not, so it is declared.
package struct NumberForm: Sendable, Hashable {
    package enum Grouping: String, Sendable, CaseIterable {
        case comma = ","
        case dot = "."
        /// The blank, also the ones that do not break.
        case blank = " "
        /// Straight or curved.
        case apostrophe = "'"
    }

    /// `.` or `,`.
    package let decimal: Character
    package let grouping: Grouping?
    /// Whether amounts are whole numbers of cents.
    package let isMinor: Bool

    package static let plain = NumberForm(decimal: ".")

    package init(decimal: Character, grouping: Grouping? = nil, isMinor: Bool = false) {
        self.decimal = decimal
        self.grouping = grouping
        self.isMinor = isMinor
    }

    /// Why a text is not an amount of this form.
    enum Flaw: Error, Hashable {
        case money(MoneyError)
        case currencySign

        var label: String {
            switch self {
            case .money(let error): error.label
            case .currencySign: "currency_sign"
            }
        }
    }

    /// The amount in minor units of a currency with so many decimals; negative if it says so.
    func read(_ text: ArraySlice<UInt8>, exponent: Int) throws(Flaw) -> Int64 {
        guard !text.isEmpty else { throw .money(.empty) }
        var rest = text
        let isNegative = try Self.takeSign(&rest)
        let decimal = self.decimal.asciiValue ?? UInt8(ascii: ".")
        let allowed = isMinor ? 0 : exponent
        var value: Int64 = 0
        var digits = 0
        var decimals: Int?
        // Digits since the last separator of groups, and whether there was one.
        var group = 0
        var isGrouped = false
        while let byte = rest.first {
            if byte &- UInt8(ascii: "0") < 10 {
                if let count = decimals {
                    guard count < allowed else { throw .money(.tooManyDecimals(allowed: allowed)) }
                    decimals = count + 1
                }
                value = value * 10 + Int64(byte &- UInt8(ascii: "0"))
                guard value <= Money.largest else { throw .money(.outOfRange) }
                digits += 1
                group += 1
                rest.removeFirst()
            } else if byte == decimal, decimals == nil, digits > 0 {
                guard !isGrouped || group == 3 else { throw .money(.malformed) }
                decimals = 0
                rest.removeFirst()
            } else if let length = groupingLength(rest) {
                guard decimals == nil, isGrouped ? group == 2 || group == 3 : (1...3).contains(group) else {
                    throw .money(.malformed)
                }
                isGrouped = true
                group = 0
                rest = rest.dropFirst(length)
            } else {
                throw Self.flaw(rest)
            }
        }
        guard digits > 0, decimals != 0, !isGrouped || decimals != nil || group == 3 else { throw .money(.malformed) }
        for _ in (decimals ?? 0)..<max(allowed, decimals ?? 0) {
            value *= 10
            guard value <= Money.largest else { throw .money(.outOfRange) }
        }
        return isNegative ? -value : value
    }

    /// Takes away what says that the amount is negative: one of `-5`, `5-`, `(5)`, and the real minus U+2212.
    private static func takeSign(_ rest: inout ArraySlice<UInt8>) throws(Flaw) -> Bool {
        if rest.first == UInt8(ascii: "("), rest.last == UInt8(ascii: ")"), rest.count > 2 {
            rest = rest.dropFirst().dropLast().trimmed
            return true
        }
        switch rest.first {
        case UInt8(ascii: "-"):
            rest = rest.dropFirst().trimmed
            return true
        case UInt8(ascii: "+"): rest = rest.dropFirst()
        case 0xE2 where rest.starts(with: [0xE2, 0x88, 0x92]):
            rest = rest.dropFirst(3).trimmed
            return true
        default:
            if rest.last == UInt8(ascii: "-"), rest.count > 1 {
                rest = rest.dropLast().trimmed
                return true
            }
        }
        return false
    }

    /// How many bytes the declared separator of groups has here; `nil` where there is none.
    private func groupingLength(_ rest: ArraySlice<UInt8>) -> Int? {
        switch (grouping, rest.first) {
        case (.comma, UInt8(ascii: ",")), (.dot, UInt8(ascii: ".")), (.blank, UInt8(ascii: " ")),
            (.apostrophe, UInt8(ascii: "'")):
            1
        case (.blank, 0xC2): rest.starts(with: [0xC2, 0xA0]) ? 2 : nil
        case (.blank, 0xE2): rest.starts(with: [0xE2, 0x80, 0xAF]) || rest.starts(with: [0xE2, 0x80, 0x89]) ? 3 : nil
        case (.apostrophe, 0xE2): rest.starts(with: [0xE2, 0x80, 0x99]) ? 3 : nil
        default: nil
        }
    }

    /// Says what the sign is that does not belong there.
    private static func flaw(_ rest: ArraySlice<UInt8>) -> Flaw {
        let next = rest.dropFirst().first ?? 0
        switch rest[rest.startIndex] {
        case UInt8(ascii: " ") where next &- UInt8(ascii: "0") >= 10 && next != 0: return flaw(rest.dropFirst())
        case UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: " "), UInt8(ascii: "_"):
            return .money(.groupingSeparator)
        case UInt8(ascii: "e"), UInt8(ascii: "E"):
            let isExponent = next &- UInt8(ascii: "0") < 10 || next == UInt8(ascii: "-") || next == UInt8(ascii: "+")
            return isExponent ? .money(.malformed) : .currencySign
        case UInt8(ascii: "$"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            return .currencySign
        case 0x80...:
            let scalar = String(decoding: rest, as: UTF8.self).unicodeScalars.first
            return scalar?.properties.generalCategory == .currencySymbol ? .currencySign : .money(.malformed)
        default: return .money(.malformed)
        }
    }
}

extension ArraySlice<UInt8> {
    /// Without blanks at either end; beyond ASCII, white space as Unicode has it.
    var trimmed: ArraySlice<UInt8> {
        var (start, end) = (startIndex, endIndex)
        while start < end, Self.isBlank(self[start]) { start += 1 }
        while start < end, Self.isBlank(self[end - 1]) { end -= 1 }
        let rest = self[start..<end]
        guard start < end, self[start] >= 0x80 || self[end - 1] >= 0x80 else { return rest }
        let text = String(decoding: rest, as: UTF8.self)
        let trimmed = text.trimmed
        return trimmed.utf8.count == rest.count ? rest : Array(trimmed.utf8)[...]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }
}
