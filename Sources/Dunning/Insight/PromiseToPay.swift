/// What a customer said it would pay by a day, with the money that came.
package struct PromiseToPay: Hashable, Sendable {
    package enum Standing: String, Sendable, CaseIterable {
        case kept
        case partlyKept = "partly_kept"
        case broken
        case pending
        /// A dispute, a credit or another promise took its place: it is left out of every rate.
        case cancelled
    }

    /// Days after the promised one within which money is still in time.
    package static let graceDays = 2
    /// A promise is kept with this many percent of its amount.
    package static let tolerancePercent: Int64 = 95

    /// Minor units.
    package let amount: Int64
    package let made: Day
    package let due: Day
    /// Received from the day it was made to ``lastDay``, less what was taken back.
    package let received: Int64
    package let isCancelled: Bool

    package init(amount: Int64, made: Day, due: Day, received: Int64, isCancelled: Bool = false) {
        self.amount = amount
        self.made = made
        self.due = due
        self.received = received
        self.isCancelled = isCancelled
    }

    /// The last day on which money counts.
    package var lastDay: Day { due.adding(Self.graceDays) }

    package func standing(asOf day: Day) -> Standing {
        if isCancelled { return .cancelled }
        let (enough, isHuge) = amount.multipliedReportingOverflow(by: Self.tolerancePercent)
        let (hundredfold, overflows) = received.multipliedReportingOverflow(by: 100)
        let isKept = isHuge || overflows ? received >= amount : hundredfold >= enough
        if isKept { return .kept }
        if day <= lastDay { return .pending }
        return received > 0 ? .partlyKept : .broken
    }
}

/// How promises turned out; pending and cancelled ones are counted beside the rates.
package struct PromiseRates: Hashable, Sendable {
    package let count: Metric
    package let amount: Metric
    /// Of the count, between 0 and 1.
    package let interval: Interval?
    package let standings: [PromiseToPay.Standing: Int]

    /// - Parameter factors: into one currency, a factor for each promise; none where all are in the same.
    package init(_ promises: [PromiseToPay], factors: [Double]? = nil, asOf day: Day) {
        let weights = factors ?? promises.map { _ in 1 }
        let judged = zip(promises, weights).map { (promise: $0, weight: $1, standing: $0.standing(asOf: day)) }
        let decided = judged.filter { $0.standing != .pending && $0.standing != .cancelled }
        let kept = judged.count { $0.standing == .kept }
        count = .ratio(
            .promisesKeptCount, Double(kept), over: Double(decided.count), times: 100, else: .noPromises)
        amount = .ratio(
            .promisesKeptAmount,
            decided.reduce(0) { $0 + Double(max(0, min($1.promise.received, $1.promise.amount))) * $1.weight },
            over: decided.reduce(0) { $0 + Double($1.promise.amount) * $1.weight }, times: 100, else: .noPromises)
        interval = .wilson(kept, of: decided.count)
        standings = judged.reduce(into: [:]) { $0[$1.standing, default: 0] += 1 }
    }

    /// Where some amount could not be converted.
    package var unrated: PromiseRates {
        PromiseRates(
            count: count, amount: .undefined(.promisesKeptAmount, .noRate), interval: interval, standings: standings)
    }

    private init(count: Metric, amount: Metric, interval: Interval?, standings: [PromiseToPay.Standing: Int]) {
        self.count = count
        self.amount = amount
        self.interval = interval
        self.standings = standings
    }
}
