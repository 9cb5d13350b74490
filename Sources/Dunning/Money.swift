/// Why a text is not an amount.
package enum MoneyError: Error, Hashable, Sendable {
    case empty
    /// A comma, apostrophe, underscore or blank: whether it groups or separates decimals cannot be known.
    case groupingSeparator
    /// Anything else that is not a sign, digits, and a dot between digits.
    case malformed
    /// More decimals than the currency has, even if they are zero.
    case tooManyDecimals(allowed: Int)
    /// Beyond ``Money/largest``.
    case outOfRange

    /// A bounded name for metrics and problem codes.
    package var label: String {
        switch self {
        case .empty: "money_empty"
        case .groupingSeparator: "money_grouping_separator"
        case .malformed: "money_malformed"
        case .tooManyDecimals: "money_too_many_decimals"
        case .outOfRange: "money_out_of_range"
        }
    }
}

/// An amount in minor units of its currency; decimals never pass through floating point.
package struct Money: Hashable, Sendable, Codable {
    /// Cents, yen, fils: what the smallest unit of ``currency`` is.
    package let minor: Int64
    package let currency: Currency

    /// The largest amount read from text, in minor units: the last integer that every JSON reader keeps exactly (2^53 -
    /// 1). A thousand of them still add up within 64 bits.
    package static let largest: Int64 = 9_007_199_254_740_991

    package init(minor: Int64, currency: Currency) {
        self.minor = minor
        self.currency = currency
    }

    package static func zero(_ currency: Currency) -> Money {
        Money(minor: 0, currency: currency)
    }

    /// Reads `16918.95`, `-5` or `+0.5`: an optional sign, digits, and at most as many decimals as the currency has.
    package static func parse(decimal text: String, _ currency: Currency) throws(MoneyError) -> Money {
        var value: Int64 = 0
        var digits = 0
        var decimals: Int?
        var isNegative = false
        for (index, byte) in text.utf8.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if let count = decimals {
                    guard count < currency.exponent else { throw .tooManyDecimals(allowed: currency.exponent) }
                    decimals = count + 1
                }
                digits += 1
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
                guard value <= largest else { throw .outOfRange }
            case UInt8(ascii: "-") where index == 0: isNegative = true
            case UInt8(ascii: "+") where index == 0: break
            case UInt8(ascii: ".") where decimals == nil && digits > 0:
                decimals = 0
            case UInt8(ascii: ","), UInt8(ascii: "'"), UInt8(ascii: "_"), UInt8(ascii: " "): throw .groupingSeparator
            default: throw .malformed
            }
        }
        guard !text.isEmpty else { throw .empty }
        guard digits > 0, decimals != 0 else { throw .malformed }
        for _ in (decimals ?? 0)..<currency.exponent {
            value *= 10
            guard value <= largest else { throw .outOfRange }
        }
        return Money(minor: isNegative ? -value : value, currency: currency)
    }

    /// Plain decimal text with all decimals of the currency, `16918.95`.
    package var decimal: String {
        var text = [UInt8]()
        text.reserveCapacity(24)
        if minor < 0 { text.append(UInt8(ascii: "-")) }
        Digits.append(minor.magnitude, width: currency.exponent + 1, to: &text)
        if currency.exponent > 0 { text.insert(UInt8(ascii: "."), at: text.count - currency.exponent) }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Money {
    /// Both amounts must be of one currency: mixing them is a fault of ours, never of input.
    package static func + (left: Money, right: Money) -> Money {
        precondition(left.currency == right.currency, "amounts of two currencies added")
        return Money(minor: left.minor + right.minor, currency: left.currency)
    }

    package static func - (left: Money, right: Money) -> Money {
        precondition(left.currency == right.currency, "amounts of two currencies subtracted")
        return Money(minor: left.minor - right.minor, currency: left.currency)
    }

    package static prefix func - (money: Money) -> Money {
        Money(minor: -money.minor, currency: money.currency)
    }
}
