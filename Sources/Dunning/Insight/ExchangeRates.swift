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
