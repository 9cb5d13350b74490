package import Dunning
package import Postgres
package import Store

/// How often a reminder asked for money that had arrived: its value date is not after the day of sending. The measure of a
/// connector's delay, and of what it costs customers.
package struct ReadWrongDunning: Sendable {
    /// Messages named in an answer at most.
    private static let examples = 100

    private let brand: ID<Brand>?
    private let from: Day?
    private let to: Day?

    package init(brand: ID<Brand>? = nil, from: Day? = nil, to: Day? = nil) {
        self.brand = brand
        self.from = from
        self.to = to
    }

    package struct Result: Sendable {
        package let period: InsightPeriod
        package let figures: WrongDunning
        package let examples: [WrongMessage]

        /// Wrong messages of those sent, in percent.
        package var rate: Metric { share(of: figures.wrong) }

        package func share(of messages: Int) -> Metric {
            .ratio(.wrongDunning, Double(messages), over: Double(figures.sent), times: 100, else: .nothingSent)
        }
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        let settings = try tx.insightSettings()
        let period = try InsightPeriod(from: from, to: to ?? settings.zone.day(of: context.now))
        return Result(
            period: period, figures: try tx.wrongDunning(brand: brand, from: period.from, to: period.to),
            examples: try tx.wrongMessages(brand: brand, from: period.from, to: period.to, count: Self.examples))
    }
}
