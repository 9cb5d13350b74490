package import Dunning
package import Postgres
import Store

/// How much of what was asked for came in, by the month of the first contact (architecture 5.10).
package struct ReadRecovery: Sendable {
    /// Days after the first contact, and months shown, when nothing else is asked for.
    package static let window = 30
    package static let months = 12

    private let brand: ID<Brand>?
    private let money: InsightMoney
    private let from: Day?
    private let to: Day?
    private let asOf: Day?
    private let window: Int

    /// - Parameters:
    ///   - from: the first month is that of this day; a year up to `to` when not given.
    ///   - to: the last month is that of this day; that of `asOf` when not given.
    ///   - asOf: what came in later does not count; the tenant's today when not given.
    package init(
        brand: ID<Brand>? = nil, money: InsightMoney = .each, from: Day? = nil, to: Day? = nil, asOf: Day? = nil,
        window: Int = Self.window
    ) throws(Rejection) {
        guard (1...365).contains(window) else {
            throw .invalid("?window_days", "out_of_range", "must be from 1 to 365")
        }
        if let from, let to {
            guard from <= to else { throw .invalid("?from", "after_to", "must not be after the last day, \(to)") }
            guard Month(of: to).adding(-60) <= Month(of: from) else {
                throw .invalid("?from", "too_long", "at most 60 months are shown at a time")
            }
        }
        self.brand = brand
        self.money = money
        self.from = from
        self.to = to
        self.asOf = asOf
        self.window = window
    }

    /// The cases of a currency that were first contacted in one month.
    package struct Cohort: Sendable {
        package let currency: Currency
        package let isBase: Bool
        package let month: Month
        /// All of them have had their window.
        package let isMature: Bool
        package let within: Recovery.Rates
        package let toDate: Recovery.ToDate
        /// On the mature cohort before.
        package let change: (points: Metric, interval: Interval?)
    }

    package struct Result: Sendable {
        package let asOf: Day
        package let window: Int
        /// By currency, the earliest month first.
        package let cohorts: [Cohort]
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        let settings = try tx.insightSettings()
        let asOf = asOf ?? settings.zone.day(of: context.now)
        let last = Month(of: to ?? asOf)
        let first = from.map { Month(of: $0) } ?? last.adding(1 - Self.months)
        var scope = InsightScope(brand: brand)
        if case .one(let currency) = money { scope = InsightScope(brand: brand, currency: currency) }
        let base = money == .base ? try ReadFigures.base(settings) : nil
        var byMonth: [(Month, [Currency: Episodes])] = []
        // The month before the first is read for the change on it.
        var month = first.adding(-1)
        while month <= last {
            let cases = try tx.contactedCases(scope, from: month.first, to: month.last, asOf: asOf)
            byMonth.append((month, try group(cases, base, month, in: &tx)))
            month = month.adding(1)
        }
        let currencies = Set(byMonth.flatMap(\.1.keys)).union(scope.currency.map { [$0] } ?? []).union(
            base.map { [$0] } ?? [])
        var cohorts: [Cohort] = []
        for currency in currencies.sorted(by: { $0.code < $1.code }) {
            cohorts += series(currency, byMonth.map { ($0, $1[currency] ?? Episodes()) }, asOf, isBase: base != nil)
                .filter { $0.month >= first }
        }
        return Result(asOf: asOf, window: window, cohorts: cohorts)
    }

    private struct Episodes {
        var list: [Episode] = []
        var isRated = true
    }

    private func group(
        _ cases: [ContactedCase], _ base: Currency?, _ month: Month, in tx: inout Transaction
    ) throws -> [Currency: Episodes] {
        guard let base else {
            return Dictionary(grouping: cases, by: \.currency).mapValues { Episodes(list: $0.map(\.episode)) }
        }
        let rates = try tx.exchangeRates(base: base, on: Array(Set(cases.map(\.episode.start))))
        var all = Episodes()
        for one in cases {
            guard let factor = rates.factor(one.currency, on: one.episode.start) else {
                all.isRated = false
                continue
            }
            all.list.append(one.episode.converted(by: factor))
        }
        return [base: all]
    }

    private func series(
        _ currency: Currency, _ months: [(Month, Episodes)], _ asOf: Day, isBase: Bool
    ) -> [Cohort] {
        var before: Recovery.Rates?
        return months.map { month, episodes in
            let isMature = Recovery.isMature(month, window: window, asOf: asOf)
            var rates = Recovery.within(window, of: episodes.list, asOf: asOf, .afterStart)
            if !episodes.isRated {
                rates = .undefined(.noRate)
            } else if !isMature {
                rates = .undefined(.immatureCohort)
            }
            let toDate = Recovery.toDate(episodes.list, asOf: asOf, .afterStart)
            let none = (points: Metric.undefined(.recoveredChange, .noEarlierCohort), interval: Interval?.none)
            let cohort = Cohort(
                currency: currency, isBase: isBase, month: month, isMature: isMature, within: rates, toDate: toDate,
                change: before.map { Recovery.change(from: $0, to: rates) } ?? none)
            if rates.count.value != nil { before = rates }
            return cohort
        }
    }
}
