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
        text(symbol: "", isGrouped: false)
    }

    /// The amount as people write it in English: `$16,918.95`, `€1,234.50`, `£`, or with its code, `CHF 1,234.50`.
    ///
    /// Only the three symbols that mean one currency to everyone are used. Other locales get English until they have a
    /// rule.
    package func formatted(locale: String = "en") -> String {
        switch currency.code {
        case "USD": text(symbol: "$", isGrouped: true)
        case "EUR": text(symbol: "€", isGrouped: true)
        case "GBP": text(symbol: "£", isGrouped: true)
        default: text(symbol: currency.code + " ", isGrouped: true)
        }
    }

    /// Digits are written from the right, then turned round.
    private func text(symbol: String, isGrouped: Bool) -> String {
        var reversed = [UInt8]()
        reversed.reserveCapacity(36)
        var rest = minor.magnitude
        let exponent = currency.exponent
        var position = 0
        repeat {
            if position == exponent, exponent > 0 { reversed.append(UInt8(ascii: ".")) }
            if isGrouped, position > exponent, (position - exponent) % 3 == 0 { reversed.append(UInt8(ascii: ",")) }
            reversed.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
            position += 1
        } while rest > 0 || position <= exponent
        reversed.append(contentsOf: symbol.utf8.reversed())
        if minor < 0 { reversed.append(UInt8(ascii: "-")) }
        reversed.reverse()
        return String(decoding: reversed, as: UTF8.self)
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
