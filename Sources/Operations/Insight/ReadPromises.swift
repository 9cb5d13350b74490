package import Dunning
package import Postgres
import Store

/// How promises turned out that fell due in a period.
package struct ReadPromises: Sendable {
    private let brand: ID<Brand>?
    private let money: InsightMoney
    private let from: Day?
    private let to: Day?
    private let asOf: Day?

    /// - Parameter asOf: what came in or was cancelled later does not count; the tenant's today when not given.
    package init(
        brand: ID<Brand>? = nil, money: InsightMoney = .each, from: Day? = nil, to: Day? = nil, asOf: Day? = nil
    ) {
        self.brand = brand
        self.money = money
        self.from = from
        self.to = to
        self.asOf = asOf
    }

    package struct Group: Sendable {
        package let currency: Currency
        package let isBase: Bool
        package let rates: PromiseRates
    }

    package struct Result: Sendable {
        package let period: InsightPeriod
        package let asOf: Day
        package let groups: [Group]
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        let settings = try tx.insightSettings()
        let asOf = asOf ?? settings.zone.day(of: context.now)
        let period = try InsightPeriod(from: from, to: to ?? asOf)
        var scope = InsightScope(brand: brand)
        if case .one(let currency) = money { scope = InsightScope(brand: brand, currency: currency) }
        let rows = try tx.promiseRows(scope, from: period.from, to: period.to, asOf: asOf)
        guard money == .base else {
            var byCurrency = Dictionary(grouping: rows, by: \.currency)
            if let currency = scope.currency { byCurrency[currency, default: []] += [] }
            let groups = byCurrency.sorted { $0.key.code < $1.key.code }.map {
                Group(currency: $0, isBase: false, rates: PromiseRates($1.map(\.promise), asOf: asOf))
            }
            return Result(period: period, asOf: asOf, groups: groups)
        }
        let base = try ReadFigures.base(settings)
        let rates = try tx.exchangeRates(base: base, on: Array(Set(rows.map(\.promise.made))))
        let factors = rows.map { rates.factor($0.currency, on: $0.promise.made) }
        let all = PromiseRates(rows.map(\.promise), factors: factors.map { $0 ?? 0 }, asOf: asOf)
        let group = Group(currency: base, isBase: true, rates: factors.contains(nil) ? all.unrated : all)
        return Result(period: period, asOf: asOf, groups: [group])
    }
}
