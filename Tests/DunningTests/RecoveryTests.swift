import Dunning
import Testing

@Suite struct `Recovery of a cohort` {
    private let asOf = Day.iso("2026-05-15")

    @Test(arguments: [(7, 40.0, 27.5), (14, 40.0, 33.75), (30, 50.0, 46.25)])
    func `is right within a window`(_ days: Int, _ count: Double, _ amount: Double) {
        let rates = Recovery.within(days, of: MetricVectors.episodes, asOf: asOf, .withStart)
        #expect(rates.episodes == 10)
        #expect(rates.count.value == count && rates.amount.value == amount)
    }

    @Test func `is right to date, with what is still running`() {
        let all = Recovery.toDate(MetricVectors.episodes, asOf: asOf, .withStart)
        #expect(all.rates.count.value == 60 && all.rates.amount.value == 61.25)
        #expect(all.inProgress == 2 && all.lostInvoluntary == 1 && all.lostVoluntary == 1)
        #expect(Recovery.toDate([], asOf: asOf, .withStart).rates.count.reason == .emptyCohort)
    }

    @Test func `does not take a debt for lost whose converted parts come to a hair less than their sum`() {
        // USD 0.05 at 0.58, paid as 0.02 and 0.03.
        let day = Day.iso("2026-03-18")
        let paid = Episode(
            amount: 5, start: day, money: [(day.adding(1), 2), (day.adding(2), 3)], loss: .involuntary
        ).converted(by: 0.58)
        #expect(paid.money.reduce(0) { $0 + $1.amount } < paid.amount)
        let all = Recovery.toDate([paid], asOf: asOf, .afterStart)
        #expect(all.rates.recovered == 1 && all.lostInvoluntary == 0 && all.inProgress == 0)
    }

    @Test func `decision 5.10: it counts the first day after a failed charge and not after a first contact`() {
        let day = Day.iso("2026-03-18")
        let paidAtOnce = Episode(amount: 10, start: day, money: [(day, 10)])
        #expect(Recovery.within(30, of: [paidAtOnce], asOf: asOf, .withStart).count.value == 100)
        #expect(Recovery.within(30, of: [paidAtOnce], asOf: asOf, .afterStart).count.value == 0)
        let paidLast = Episode(amount: 10, start: day, money: [(day.adding(30), 10)])
        #expect(Recovery.within(30, of: [paidLast], asOf: asOf, .afterStart).count.value == 100)
        let paidLate = Episode(amount: 10, start: day, money: [(day.adding(31), 10)])
        #expect(Recovery.within(30, of: [paidLate], asOf: asOf, .afterStart).count.value == 0)
    }

    @Test func `waits until all have had their time`() {
        let young = Episode(amount: 10, start: asOf.adding(-6), money: [])
        let rates = Recovery.within(7, of: [young], asOf: asOf, .withStart)
        #expect(rates.count.reason == .immatureCohort && rates.interval == nil)
        let mixed = Recovery.within(7, of: MetricVectors.episodes + [young], asOf: asOf, .withStart)
        #expect(mixed.episodes == 10 && mixed.count.value == 40)
        let march = Month(of: .iso("2026-03-10"))
        #expect(!Recovery.isMature(march, window: 30, asOf: .iso("2026-04-29")))
        #expect(Recovery.isMature(march, window: 30, asOf: .iso("2026-04-30")))
    }

    @Test func `changes by points with their interval`() {
        let old = Recovery.rates(recovered: 102, of: 300, money: 0, owed: 1, else: .emptyCohort)
        let new = Recovery.rates(recovered: 468, of: 1_200, money: 0, owed: 1, else: .emptyCohort)
        let change = Recovery.change(from: old, to: new)
        #expect(change.points.value.map { abs($0 - 5) < 1e-9 } ?? false)
        #expect(change.interval.map { $0.lower < 0 && $0.upper > 10 } ?? false)
        let none = Recovery.rates(recovered: 0, of: 0, money: 0, owed: 0, else: .emptyCohort)
        #expect(Recovery.change(from: none, to: new).points.reason == .noEarlierCohort)
    }
}

@Suite struct `Promises` {
    @Test func `are judged with their grace and their tolerance`() {
        let asOf = Day.iso("2026-06-30")
        let standings = MetricVectors.promises.map { $0.standing(asOf: asOf) }
        #expect(standings == [.kept, .kept, .broken, .partlyKept, .pending, .cancelled])
        let rates = PromiseRates(MetricVectors.promises, asOf: asOf)
        #expect(rates.count.value == 50)
        #expect(rates.amount.value.map { abs($0 - 76.74) < 0.005 } ?? false)
        #expect(rates.standings[.pending] == 1 && rates.standings[.cancelled] == 1)
    }

    @Test func `of the largest amounts do not overflow`() {
        let promise = PromiseToPay(
            amount: .max, made: .iso("2026-01-01"), due: .iso("2026-01-02"), received: .max - 1)
        #expect(promise.standing(asOf: .iso("2026-02-01")) == .partlyKept)
    }
}

@Suite struct `An interval` {
    private func isClose(_ interval: Interval?, _ lower: Double, _ upper: Double) -> Bool {
        interval.map { abs($0.lower - lower) < 0.00005 && abs($0.upper - upper) < 0.00005 } ?? false
    }

    @Test func `of a share is Wilson's, and of a difference Newcombe's`() {
        #expect(isClose(.wilson(42, of: 120), 0.2705, 0.4388))
        #expect(isClose(.wilson(0, of: 10), 0, 0.2775))
        #expect(isClose(.newcombe(468, of: 1_200, minus: 102, of: 300), -0.0117, 0.1084))
    }
}
