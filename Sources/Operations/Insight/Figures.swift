package import Dunning
import Store

/// Receivables over a period, in one currency or converted into the base: what every metric is made of.
package struct Figures: Sendable {
    package let currency: Currency
    /// All currencies, converted.
    package let isBase: Bool
    package let days: Int
    package let begin: ReceivablePosition
    package let end: ReceivablePosition
    package let flow: ReceivableFlow
    /// The latest first.
    package let months: [DSO.SalesMonth]
    package let beyond: DaysBeyondTerms
    /// The beginning and the movements at the rates of the last day; the same as the others in a single currency.
    package let constantBegin: ReceivablePosition
    package let constantFlow: ReceivableFlow
    /// False when some amount could not be converted: then nothing here means anything.
    package let isRated: Bool

    /// Period-end first, the others beside it.
    package var dso: [Metric] {
        rated([
            DSO.periodEnd(end, sales: flow.sales, days: days),
            DSO.average(from: begin, to: end, sales: flow.sales, days: days), DSO.countBack(end, months: months),
            DSO.bestPossible(end, sales: flow.sales, days: days), DSO.countBackBestPossible(end, months: months),
            DSO.delinquent(end, sales: flow.sales, days: days), beyond.mean, beyond.weighted,
        ])
    }

    /// The cash form first; in the base currency at constant rates, the others beside it.
    package var cei: [Metric] {
        let own = [
            CollectionEffectiveness.cash(from: begin, to: end, flow: flow),
            CollectionEffectiveness.classic(from: begin, to: end, flow: flow), BadDebt.ratio(flow),
        ]
        guard isBase else { return own }
        return rated(
            [
                CollectionEffectiveness.cash(from: constantBegin, to: end, flow: constantFlow, isConstantRate: true),
                CollectionEffectiveness.classic(from: constantBegin, to: end, flow: constantFlow, isConstantRate: true),
            ] + own)
    }

    package var beyondTerms: [Metric] { rated([beyond.mean, beyond.weighted]) }

    private func rated(_ metrics: [Metric]) -> [Metric] {
        isRated ? metrics : metrics.map { .undefined($0.definition, .noRate) }
    }
}

extension Figures {
    /// One currency by itself, from its cells.
    init(_ currency: Currency, _ cells: [InsightCell], _ period: InsightPeriod) {
        let before = cells.filter { $0.start < period.from }
        let within = cells.filter { $0.start >= period.from }
        begin = before.reduce(ReceivablePosition()) { $0 + $1.change }
        end = within.reduce(begin) { $0 + $1.change }
        flow = within.reduce(ReceivableFlow()) { $0 + $1.flow }
        months = period.months(cells.map { ($0.start, $0.flow.sales) })
        beyond = within.reduce(DaysBeyondTerms()) { $0 + $1.settled }
        self.currency = currency
        days = period.days
        isBase = false
        constantBegin = begin
        constantFlow = flow
        isRated = true
    }

    /// Single currencies together, in the base.
    init(_ parts: [Figures], _ flows: [RatedFlow], _ rates: ExchangeRates, _ period: InsightPeriod) {
        var begin = ReceivablePosition(), end = ReceivablePosition(), constantBegin = ReceivablePosition()
        var constantFlow = ReceivableFlow(), beyond = DaysBeyondTerms()
        var isRated = flows.allSatisfy { !$0.isUnrated }
        for part in parts {
            let old = rates.factor(part.currency, on: period.from.adding(-1))
            let new = rates.factor(part.currency, on: period.to)
            // What is zero needs no rate.
            if (old == nil && part.begin != ReceivablePosition())
                || (new == nil && (part.end != ReceivablePosition() || part.flow != ReceivableFlow()))
            {
                isRated = false
            }
            begin = begin + part.begin.converted(by: old ?? 0)
            end = end + part.end.converted(by: new ?? 0)
            constantBegin = constantBegin + part.begin.converted(by: new ?? 0)
            constantFlow = constantFlow + part.flow.converted(by: new ?? 0)
            beyond = beyond + part.beyond.converted(by: new ?? 0)
        }
        let base = rates.base
        let converted = flows.map { flow in
            // The rate is in already; what is left is how minor units compare.
            (flow.start, flow.flow.converted(by: Double(base.unit) / Double(flow.currency.unit)))
        }
        self.begin = begin
        self.end = end
        self.constantBegin = constantBegin
        self.constantFlow = constantFlow
        self.beyond = beyond
        self.isRated = isRated
        flow = converted.reduce(ReceivableFlow()) { $1.0 >= period.from ? $0 + $1.1 : $0 }
        months = period.months(converted.map { ($0.0, $0.1.sales) })
        currency = base
        days = period.days
        isBase = true
    }
}
