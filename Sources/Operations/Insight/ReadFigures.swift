package import Dunning
package import Postgres
import Store

/// Reads what receivables were and did in a period, by currency.
package struct ReadFigures: Sendable {
    private let brand: ID<Brand>?
    private let money: InsightMoney
    private let from: Day?
    private let to: Day?

    /// - Parameters:
    ///   - from: 90 days up to `to` when not given.
    ///   - to: the tenant's today when not given.
    package init(brand: ID<Brand>? = nil, money: InsightMoney = .each, from: Day? = nil, to: Day? = nil) {
        self.brand = brand
        self.money = money
        self.from = from
        self.to = to
    }

    package struct Result: Sendable {
        package let period: InsightPeriod
        package let edges: AgingEdges
        package let figures: [Figures]
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        let settings = try tx.insightSettings()
        let period = try InsightPeriod(from: from, to: to ?? settings.zone.day(of: context.now))
        var wanted: Currency?
        if case .one(let currency) = money { wanted = currency }
        let cells = try tx.insightCells(
            InsightScope(brand: brand, currency: wanted), back: period.back, from: period.from, to: period.to)
        var figures = Dictionary(grouping: cells, by: \.currency).map { Figures($0, $1, period) }
            .sorted { $0.currency.code < $1.currency.code }
        // A currency in which nothing happened has figures too, of nothing.
        if let wanted, figures.isEmpty { figures = [Figures(wanted, [], period)] }
        if money == .base {
            figures = [try converted(figures, try Self.base(settings), period, in: &tx)]
        }
        return Result(period: period, edges: settings.edges, figures: figures)
    }

    private func converted(
        _ parts: [Figures], _ base: Currency, _ period: InsightPeriod, in tx: inout Transaction
    ) throws -> Figures {
        let rates = try tx.exchangeRates(base: base, on: [period.from.adding(-1), period.to])
        let flows = try tx.ratedFlows(
            brand: brand, base: base, back: period.back, from: period.from, to: period.to)
        return Figures(parts, flows, rates, period)
    }

    static func base(_ settings: InsightSettings) throws(Rejection) -> Currency {
        guard let base = settings.base else {
            throw .invalid(
                "?currency", "no_base_currency", "the tenant has no base currency: set one with PATCH /v1/tenant")
        }
        return base
    }
}
