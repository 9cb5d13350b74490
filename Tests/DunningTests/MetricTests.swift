import Dunning
import Testing

/// The figures of the worked examples, each to four decimals.
@Suite struct `A metric` {
    private struct Figures {
        let begin: ReceivablePosition
        let end: ReceivablePosition
        let flow: ReceivableFlow
        let months: [DSO.SalesMonth]
        let beyond: DaysBeyondTerms
        let days: Int

        init(_ model: LedgerModel, _ from: String, _ to: String) {
            let (from, to) = (Day.iso(from), Day.iso(to))
            begin = model.position(on: from.adding(-1))
            end = model.position(on: to)
            flow = model.flow(from, to)
            months = model.months(asOf: to)
            beyond = model.daysBeyondTerms(from, to)
            days = from.distance(to: to) + 1
        }

        var periodEnd: Metric { DSO.periodEnd(end, sales: flow.sales, days: days) }
        var average: Metric { DSO.average(from: begin, to: end, sales: flow.sales, days: days) }
        var best: Metric { DSO.bestPossible(end, sales: flow.sales, days: days) }
        var delinquent: Metric { DSO.delinquent(end, sales: flow.sales, days: days) }
        var countBack: Metric { DSO.countBack(end, months: months) }
        var cash: Metric { CollectionEffectiveness.cash(from: begin, to: end, flow: flow) }
        var classic: Metric { CollectionEffectiveness.classic(from: begin, to: end, flow: flow) }
    }

    private func isClose(_ value: Double?, _ expected: Double) -> Bool {
        value.map { abs($0 - expected) <= 0.00005 + 1e-9 } ?? false
    }

    @Test func `is right for one currency with every kind of movement`() {
        let figures = Figures(MetricVectors.single, "2026-01-01", "2026-03-31")
        #expect(figures.begin.open == 1_300_000 && figures.end.open == 7_500_000)
        #expect(figures.end.current == 4_800_000 && figures.end.overdue == 2_700_000)
        #expect(figures.end.disputed == 1_200_000)
        #expect(
            figures.flow.sales == 11_400_000 && figures.flow.paid == 4_800_000 && figures.flow.writtenOff == 400_000)
        #expect(figures.days == 90)
        #expect(isClose(figures.periodEnd.value, 59.2105))
        #expect(isClose(figures.average.value, 34.7368))
        #expect(isClose(figures.best.value, 37.8947))
        #expect(isClose(figures.delinquent.value, 21.3158))
        #expect(isClose(figures.countBack.value, 53))
        #expect(isClose(figures.classic.value, 65.8228))
        #expect(isClose(figures.cash.value, 60.7595))
        #expect(isClose(BadDebt.ratio(figures.flow).value, 3.5088))
        #expect(isClose(figures.beyond.mean.value, 10.6667))
        #expect(isClose(figures.beyond.weighted.value, 12.0698))
        #expect(AgingEdges.standard.buckets(of: figures.end) == [4_800_000, 1_200_000, 1_500_000, 0, 0])
        #expect(figures.periodEnd.numerator == 7_500_000 && figures.periodEnd.denominator == 11_400_000)
    }

    @Test func `is right in a base currency, at the rates of each day and at those of the last`() {
        let figures = Figures(MetricVectors.several, "2026-04-01", "2026-04-30")
        #expect(isClose(figures.begin.open, 1_650_000) && isClose(figures.end.open, 984_000))
        #expect(isClose(figures.end.current, 0) && isClose(figures.end.overdue, 984_000))
        #expect(isClose(figures.flow.sales, -91_000) && isClose(figures.flow.paid, 557_750))
        for metric in [
            figures.periodEnd, figures.average, figures.best, figures.delinquent, BadDebt.ratio(figures.flow),
        ] {
            #expect(metric.value == nil && metric.reason == .noSales)
        }
        #expect(isClose(figures.countBack.value, 71.5))
        #expect(isClose(figures.classic.value, 36.8826) && isClose(figures.cash.value, 36.8826))
        #expect(isClose(figures.beyond.mean.value, 6) && isClose(figures.beyond.weighted.value, 6))
        let buckets = AgingEdges.standard.buckets(of: figures.end)
        #expect(zip(buckets, [0, 174_000, 810_000, 0, 0]).allSatisfy { isClose($0, $1) })
        var model = MetricVectors.several
        model.constantRate = .iso("2026-04-30")
        let constant = Figures(model, "2026-04-01", "2026-04-30")
        let cei = CollectionEffectiveness.cash(
            from: constant.begin, to: constant.end, flow: constant.flow, isConstantRate: true)
        #expect(isClose(cei.value, 36.1868) && cei.definition == .ceiCashConstantRate)
    }

    @Test func `is right for the published count-back`() {
        let figures = Figures(MetricVectors.published, "2026-01-01", "2026-03-31")
        #expect(figures.end.open == 21_200_000)
        #expect(isClose(figures.countBack.value, 73.1714))
        #expect(isClose(figures.periodEnd.value, 76.32) && isClose(figures.average.value, 38.16))
        #expect(isClose(figures.best.value, 36) && isClose(figures.delinquent.value, 40.32))
        #expect(isClose(figures.cash.value, 25.3333) && isClose(figures.classic.value, 25.3333))
        #expect(BadDebt.ratio(figures.flow).value == 0)
        #expect(figures.beyond.mean.reason == .nothingSettled && figures.beyond.weighted.value == nil)
        #expect(AgingEdges.standard.buckets(of: figures.end) == [10_000_000, 8_000_000, 3_200_000, 0, 0])
    }

    /// Rates are fractions: what is added up in two orders differs in its last digits.
    @Test func `takes for equal what only the last digits of a conversion tell apart`() {
        let sold = 30_000_000.0
        let end = ReceivablePosition(open: sold.nextUp.nextUp, late: [0, 0, 0, 0])
        let months = [(sold, 30), (0, 31), (1_000_000, 30)].map { DSO.SalesMonth(sales: $0, days: $1) }
        #expect(DSO.countBack(end, months: months).value == 30)
        #expect(DSO.countBackBestPossible(end, months: months).value == 30)
        let left = DSO.periodEnd(end, sales: 0.1 + 0.2 - 0.3, days: 90)
        #expect(left.value == nil && left.reason == .noSales)
    }

    @Test func `has a reason where it has no value`() {
        let nothing = ReceivablePosition()
        let owed = ReceivablePosition(open: 100, late: [100, 0, 0, 0])
        #expect(DSO.periodEnd(nothing, sales: 10, days: 90).value == 0)
        #expect(DSO.periodEnd(owed, sales: 0, days: 90).reason == .noSales)
        #expect(DSO.countBack(nothing, months: []).value == 0)
        let years = Array(repeating: DSO.SalesMonth(sales: 1, days: 30), count: 60)
        let old = DSO.countBack(owed, months: years)
        #expect(old.reason == .lookbackExceeded && old.value == nil && old.exceeds == 720)
        #expect(DSO.countBackBestPossible(owed, months: years).value == 0)
        #expect(CollectionEffectiveness.cash(from: nothing, to: nothing, flow: .init()).reason == .noReceivables)
        #expect(BadDebt.ratio(.init(invoiced: 5, credited: 5)).reason == .noSales)
        #expect(Recovery.within(7, of: [], asOf: .iso("2026-01-01"), .withStart).count.reason == .emptyCohort)
        #expect(PromiseRates([], asOf: .iso("2026-01-01")).count.reason == .noPromises)
        #expect(Interval.wilson(0, of: 0) == nil && Interval.newcombe(1, of: 0, minus: 1, of: 2) == nil)
    }

    @Test func `is named with a version and explained`() {
        for definition in MetricDefinition.allCases {
            #expect(definition.label.hasSuffix("/\(definition.version)") && !definition.words.isEmpty)
        }
    }
}

@Suite struct `Edges of an aging` {
    @Test func `include their upper day`() {
        let edges = AgingEdges.standard
        #expect(
            [-1, 0, 1, 30, 31, 60, 61, 90, 91].map { edges.bucket(daysPastDue: $0) } == [0, 0, 1, 1, 2, 2, 3, 3, 4])
        #expect(edges.labels == ["current", "1-30", "31-60", "61-90", "91+"])
        #expect(AgingEdges([7, 14, 28])?.labels == ["current", "1-7", "8-14", "15-28", "29+"])
    }

    @Test(arguments: [[30, 60], [30, 30, 60], [60, 30, 90], [0, 1, 2], [1, 2, 3_651], [1, 2, 3, 4]])
    func `are three, rising, and of this world`(_ days: [Int]) {
        #expect(AgingEdges(days) == nil)
    }
}

@Suite struct `Exchange rates` {
    @Test func `are the last known, between whole units`() {
        let eur = Currency("EUR")!, jpy = Currency("JPY")!, bhd = Currency("BHD")!
        let rates = ExchangeRates(
            base: eur,
            [
                (jpy, .iso("2026-02-01"), 6_200_000_000), (jpy, .iso("2026-01-01"), 6_000_000_000),
                (bhd, .iso("2026-01-01"), 2_450_000_000_000),
            ])
        #expect(rates.factor(jpy, on: .iso("2025-12-31")) == nil)
        #expect(abs(rates.factor(jpy, on: .iso("2026-01-31"))! - 0.6) < 1e-12)
        #expect(abs(rates.factor(jpy, on: .iso("2026-02-01"))! - 0.62) < 1e-12)
        #expect(abs(rates.factor(bhd, on: .iso("2026-06-01"))! - 0.245) < 1e-12)
        #expect(rates.factor(eur, on: .iso("2020-01-01")) == 1)
        #expect(rates.rate(jpy, on: .iso("2026-03-01"))?.from == .iso("2026-02-01"))
    }
}
