/// Days sales outstanding, in the forms in use. Definitions: amounts of one currency, balances at the end of a day.
package enum DSO {
    /// Months walked back before the answer is "more than".
    package static let lookback = 24

    /// What was sold in a month, up to the last day looked at, and how many days that is.
    package struct SalesMonth: Hashable, Sendable {
        package let sales: Double
        package let days: Int

        package init(sales: Double, days: Int) {
            self.sales = sales
            self.days = days
        }
    }

    package static func periodEnd(_ end: ReceivablePosition, sales: Double, days: Int) -> Metric {
        .ratio(.dsoPeriodEnd, end.open, over: sales, times: Double(days), else: .noSales)
    }

    package static func average(
        from begin: ReceivablePosition, to end: ReceivablePosition, sales: Double, days: Int
    ) -> Metric {
        .ratio(.dsoAverage, (begin.open + end.open) / 2, over: sales, times: Double(days), else: .noSales)
    }

    /// As low as it could be if everybody paid when due.
    package static func bestPossible(_ end: ReceivablePosition, sales: Double, days: Int) -> Metric {
        .ratio(.dsoBestPossible, end.current, over: sales, times: Double(days), else: .noSales)
    }

    /// Average days delinquent: period-end DSO less the best possible.
    package static func delinquent(_ end: ReceivablePosition, sales: Double, days: Int) -> Metric {
        .ratio(.daysDelinquent, end.overdue, over: sales, times: Double(days), else: .noSales)
    }

    /// Exhaustion: the sales of the latest months that make up the receivables. A month whose credit notes outweigh its
    /// sales adds its days and makes the remainder greater.
    ///
    /// - Parameter months: the latest first, the first one only up to the day of the receivables.
    package static func countBack(_ end: ReceivablePosition, months: [SalesMonth]) -> Metric {
        walk(.dsoCountBack, end.open, months)
    }

    package static func countBackBestPossible(_ end: ReceivablePosition, months: [SalesMonth]) -> Metric {
        walk(.dsoCountBackBestPossible, end.current, months)
    }

    private static func walk(_ definition: MetricDefinition, _ open: Double, _ months: [SalesMonth]) -> Metric {
        // Sums of converted amounts that should be equal are that near: without it a month could be walked for nothing.
        let hair = max(Metric.nothing, open * 1e-12)
        var rest = open
        var days = 0.0
        var sales = 0.0
        for month in months.prefix(lookback) {
            if rest <= hair { break }
            sales += month.sales
            if month.sales > hair, rest <= month.sales + hair {
                let part = min(1, rest / month.sales)
                return .value(definition, days + part * Double(month.days), numerator: open, denominator: sales)
            }
            rest -= month.sales
            days += Double(month.days)
        }
        if rest <= hair { return .value(definition, days, numerator: open, denominator: sales) }
        return .undefined(
            definition, .lookbackExceeded, numerator: open, denominator: sales, exceeds: days)
    }
}
