/// Dated rates into one base currency. A day has the last rate known on or before it.
package struct ExchangeRates: Sendable {
    package let base: Currency
    private let rates: [Currency: [(day: Day, rateE12: Int64)]]

    /// - Parameter rates: what one unit of the currency is worth in units of the base, times 10^12.
    package init(base: Currency, _ rates: [(currency: Currency, day: Day, rateE12: Int64)]) {
        self.base = base
        var sorted: [Currency: [(day: Day, rateE12: Int64)]] = [:]
        for rate in rates { sorted[rate.currency, default: []].append((rate.day, rate.rateE12)) }
        self.rates = sorted.mapValues { $0.sorted { $0.day < $1.day } }
    }

    /// Minor units of the base for one minor unit of `currency` on that day; `nil` when no rate is known by then.
    package func factor(_ currency: Currency, on day: Day) -> Double? {
        rate(currency, on: day).map { Self.factor(rateE12: $0.rateE12, from: currency, to: base) }
    }

    /// The rate itself and the day it is from; that of the base is 1, from the day asked for.
    package func rate(_ currency: Currency, on day: Day) -> (rateE12: Int64, from: Day)? {
        if currency == base { return (Self.one, day) }
        return rates[currency]?.last { $0.day <= day }.map { ($0.rateE12, $0.day) }
    }

    package static let one: Int64 = 1_000_000_000_000

    /// Rates are between whole units, amounts are in minor ones: 1 JPY at 0.0062 EUR is 0.62 cents for a yen.
    package static func factor(rateE12: Int64, from currency: Currency, to base: Currency) -> Double {
        Double(rateE12) / Double(one) * Double(base.unit) / Double(currency.unit)
    }
}

extension ExchangeRates {
    /// The largest rate there is room for: what is dearer than nine million of another has to be quoted the other way.
    package static let largest: Int64 = 9_000_000

    /// Reads `0.92` or `161.5`: digits, and at most twelve decimals; `nil` for anything else, nothing, and what is too large.
    package static func rateE12(decimal text: String) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 12 }),
            let whole = Digits.number(Array(parts[0].utf8)[...]), whole <= largest
        else { return nil }
        var rate = Int64(whole) * one
        if parts.count == 2 {
            guard var part = Digits.number(Array(parts[1].utf8)[...]) else { return nil }
            for _ in parts[1].utf8.count..<12 { part *= 10 }
            rate += Int64(part)
        }
        return rate > 0 ? rate : nil
    }

    /// The rate as read, without trailing zeros.
    package static func decimal(rateE12: Int64) -> String {
        let (whole, part) = rateE12.quotientAndRemainder(dividingBy: one)
        guard part > 0 else { return "\(whole)" }
        let digits = String(one + part).dropFirst()
        let end = digits.lastIndex { $0 != "0" } ?? digits.startIndex
        return "\(whole).\(digits[...end])"
    }
}
