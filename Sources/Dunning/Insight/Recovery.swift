/// A debt that was worked on: a failed charge with its retries, or an invoice of a case from its first contact on.
package struct Episode: Sendable {
    /// How it ended without the money.
    package enum Loss: String, Sendable { case involuntary, voluntary }

    /// What was owed at the start, minor units.
    package let amount: Double
    /// The day of the first failure, or of the first contact.
    package let start: Day
    /// Money by value date: received +, refunded or reversed −.
    package let money: [(day: Day, amount: Double)]
    package let loss: Loss?

    package init(amount: Double, start: Day, money: [(day: Day, amount: Double)], loss: Loss? = nil) {
        self.amount = amount
        self.start = start
        self.money = money
        self.loss = loss
    }

    package func converted(by factor: Double) -> Episode {
        Episode(
            amount: amount * factor, start: start, money: money.map { ($0.day, $0.amount * factor) }, loss: loss)
    }

    /// What came in by that day, not more than was owed and not less than nothing.
    package func recovered(by day: Day, _ window: Recovery.Opening) -> Double {
        var sum = 0.0
        for (at, amount) in money where at <= day && (window == .withStart || at > start) { sum += amount }
        return max(0, min(amount, sum))
    }
}

/// How much of what failed, or was asked for, came in. The denominator is always all of the cohort that had its full time,
/// never only what is closed.
package enum Recovery {
    /// Whether money of the first day itself counts: after a failed charge it does, after a first reminder it does not.
    package enum Opening: Sendable { case withStart, afterStart }

    /// A share by number and by amount.
    package struct Rates: Hashable, Sendable {
        package let count: Metric
        package let amount: Metric
        /// Of the count, between 0 and 1.
        package let interval: Interval?
        /// How many were paid in full, of how many.
        package let recovered: Int
        package let episodes: Int

        package static func undefined(_ reason: Undefined) -> Rates {
            Rates(
                count: .undefined(.recoveredCount, reason), amount: .undefined(.recoveredAmount, reason), interval: nil,
                recovered: 0, episodes: 0)
        }
    }

    /// Within `days` of each start; episodes younger than that are left out.
    package static func within(_ days: Int, of episodes: [Episode], asOf: Day, _ opening: Opening) -> Rates {
        let mature = episodes.filter { $0.start.adding(days) <= asOf }
        let reason: Undefined = episodes.isEmpty ? .emptyCohort : .immatureCohort
        return rates(mature.map { ($0.amount, $0.recovered(by: $0.start.adding(days), opening)) }, else: reason)
    }

    /// What came of all of them so far; nothing is too young for it.
    package struct ToDate: Hashable, Sendable {
        package let rates: Rates
        package let inProgress: Int
        package let lostInvoluntary: Int
        package let lostVoluntary: Int
    }

    package static func toDate(_ episodes: [Episode], asOf: Day, _ opening: Opening) -> ToDate {
        let sums = episodes.map { ($0.amount, $0.recovered(by: asOf, opening)) }
        let unpaid = zip(episodes, sums).filter { !isFull($1.1, of: $1.0) }.map(\.0)
        return ToDate(
            rates: rates(sums, else: .emptyCohort), inProgress: unpaid.count { $0.loss == nil },
            lostInvoluntary: unpaid.count { $0.loss == .involuntary },
            lostVoluntary: unpaid.count { $0.loss == .voluntary })
    }

    private static func rates(_ sums: [(owed: Double, recovered: Double)], else reason: Undefined) -> Rates {
        let full = sums.count { isFull($0.recovered, of: $0.owed) }
        return rates(
            recovered: full, of: sums.count, money: sums.reduce(0) { $0 + $1.recovered },
            owed: sums.reduce(0) { $0 + $1.owed }, else: reason)
    }

    /// Converted amounts differ from their sum by a hair.
    private static func isFull(_ recovered: Double, of owed: Double) -> Bool { recovered >= owed * (1 - 1e-12) }

    /// The same from sums: how many were recovered in full, and how much money of how much.
    package static func rates(
        recovered: Int, of episodes: Int, money: Double, owed: Double, else reason: Undefined
    ) -> Rates {
        Rates(
            count: .ratio(.recoveredCount, Double(recovered), over: Double(episodes), times: 100, else: reason),
            amount: .ratio(.recoveredAmount, money, over: owed, times: 100, else: reason),
            interval: .wilson(recovered, of: episodes), recovered: recovered, episodes: episodes)
    }

    /// Whether everything that began in this month has had its window by the end of that day.
    package static func isMature(_ month: Month, window days: Int, asOf: Day) -> Bool {
        month.last.adding(days) <= asOf
    }

    /// Points gained on the cohort before, with Newcombe's interval in points.
    package static func change(from before: Rates, to rates: Rates) -> (points: Metric, interval: Interval?) {
        guard let old = before.count.value, let new = rates.count.value else {
            return (.undefined(.recoveredChange, .noEarlierCohort), nil)
        }
        let interval = Interval.newcombe(
            rates.recovered, of: rates.episodes, minus: before.recovered, of: before.episodes)
        return (.value(.recoveredChange, new - old, numerator: new, denominator: old), interval?.scaled(by: 100))
    }
}
