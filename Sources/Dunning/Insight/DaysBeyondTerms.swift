/// How late invoices were settled: sums over those settled by payment in a period.
///
/// An invoice counts when its account is covered at the end of the period, and what covered it last was a payment; not when
/// a credit note or a write-off did, nor when a reversal has opened it again.
package struct DaysBeyondTerms: Hashable, Sendable {
    package var invoices: Int
    /// Days from due date to settlement, negative when early.
    package var days: Int
    /// What was paid for these invoices, minor units.
    package var cash: Double
    /// Sum of cash x days.
    package var cashDays: Double

    package init(invoices: Int = 0, days: Int = 0, cash: Double = 0, cashDays: Double = 0) {
        self.invoices = invoices
        self.days = days
        self.cash = cash
        self.cashDays = cashDays
    }

    package var mean: Metric {
        .ratio(.daysBeyondTerms, Double(days), over: Double(invoices), times: 1, else: .nothingSettled)
    }

    package var weighted: Metric {
        .ratio(.daysBeyondTermsWeighted, cashDays, over: cash, times: 1, else: .nothingSettled)
    }

    package func converted(by factor: Double) -> DaysBeyondTerms {
        DaysBeyondTerms(invoices: invoices, days: days, cash: cash * factor, cashDays: cashDays * factor)
    }

    package static func + (left: DaysBeyondTerms, right: DaysBeyondTerms) -> DaysBeyondTerms {
        DaysBeyondTerms(
            invoices: left.invoices + right.invoices, days: left.days + right.days, cash: left.cash + right.cash,
            cashDays: left.cashDays + right.cashDays)
    }
}
