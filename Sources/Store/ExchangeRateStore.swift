package import Dunning
package import Postgres

/// What a unit of one currency is worth in another, from a day on.
package struct ExchangeRateRecord: Sendable, Hashable {
    package let base: Currency
    package let currency: Currency
    package let day: Day
    package let rateE12: Int64

    package init(base: Currency, currency: Currency, day: Day, rateE12: Int64) {
        self.base = base
        self.currency = currency
        self.day = day
        self.rateE12 = rateE12
    }

    /// What makes it the rate of one day.
    package struct Key: Sendable, Hashable {
        package let base: Currency
        package let currency: Currency
        package let day: Day
    }

    package var key: Key { Key(base: base, currency: currency, day: day) }
}

extension Transaction {
    /// Writes rates, no two of one day; returns those that were new (`true`) or differed (`false`).
    package mutating func put(
        _ rates: [ExchangeRateRecord], at now: Instant
    ) throws(PostgresError) -> [ExchangeRateRecord.Key: Bool] {
        guard !rates.isEmpty else { return [:] }
        var changed: [ExchangeRateRecord.Key: Bool] = [:]
        for row in try rows(
            "exchange_rate_put", tenantID, rates.map(\.base), rates.map(\.currency), rates.map(\.day),
            rates.map(\.rateE12), now)
        {
            let key = ExchangeRateRecord.Key(
                base: try row("base"), currency: try row("currency"), day: try row("day"))
            changed[key] = try row("is_new")
        }
        return changed
    }

    /// The latest days first.
    package mutating func exchangeRates(
        base: Currency?, currency: Currency?, from: Day?, to: Day?, count: Int
    ) throws(PostgresError) -> [ExchangeRateRecord] {
        try rows("exchange_rate_page", tenantID, base, currency, from, to, count).map { row throws(PostgresError) in
            ExchangeRateRecord(
                base: try row("base"), currency: try row("currency"), day: try row("day"),
                rateE12: try row("rate_e12"))
        }
    }
}
