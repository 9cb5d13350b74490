/// What a metric is, under a name and a version that every answer carries: a formula that changes gets a new version, so
/// that figures of two versions are never compared unnoticed.
package enum MetricDefinition: String, Sendable, CaseIterable {
    case dsoPeriodEnd = "dso_period_end"
    case dsoAverage = "dso_average"
    case dsoBestPossible = "dso_best_possible"
    case dsoCountBack = "dso_count_back"
    case dsoCountBackBestPossible = "dso_count_back_best_possible"
    case daysDelinquent = "average_days_delinquent"
    case daysBeyondTerms = "days_beyond_terms"
    case daysBeyondTermsWeighted = "days_beyond_terms_weighted"
    case ceiCash = "cei_cash"
    case ceiClassic = "cei_classic"
    case ceiCashConstantRate = "cei_cash_constant_rate"
    case ceiClassicConstantRate = "cei_classic_constant_rate"
    case badDebt = "bad_debt_ratio"
    case recoveredCount = "recovered_count"
    case recoveredAmount = "recovered_amount"
    case recoveredChange = "recovered_change"
    case promisesKeptCount = "promises_kept_count"
    case promisesKeptAmount = "promises_kept_amount"
    case wrongDunning = "wrong_dunning"

    package var version: Int { 1 }

    /// As answers name it, `dso_period_end/1`.
    package var label: String { "\(rawValue)/\(version)" }

    package var unit: Unit {
        switch self {
        case .dsoPeriodEnd, .dsoAverage, .dsoBestPossible, .dsoCountBack, .dsoCountBackBestPossible, .daysDelinquent,
            .daysBeyondTerms, .daysBeyondTermsWeighted:
            .days
        case .ceiCash, .ceiClassic, .ceiCashConstantRate, .ceiClassicConstantRate, .badDebt, .recoveredCount,
            .recoveredAmount, .recoveredChange, .promisesKeptCount, .promisesKeptAmount, .wrongDunning:
            .percent
        }
    }

    package enum Unit: String, Sendable { case days, percent }

    /// The formula in words.
    package var words: String {
        switch self {
        case .dsoPeriodEnd: "receivables at the end / net sales of the period x days of the period"
        case .dsoAverage:
            "mean of receivables at the beginning and the end / net sales of the period x days of the period"
        case .dsoBestPossible: "receivables not yet due at the end / net sales of the period x days of the period"
        case .dsoCountBack: "days of sales that make up the receivables, walked back month by month, 24 months at most"
        case .dsoCountBackBestPossible: "the same walk with the receivables that are not yet due"
        case .daysDelinquent: "overdue receivables at the end / net sales of the period x days of the period"
        case .daysBeyondTerms: "mean days from due date to settlement over invoices settled by payment in the period"
        case .daysBeyondTermsWeighted: "the same mean, each invoice weighing as much as was paid for it"
        case .ceiCash:
            "(beginning + net sales - end - written off) / (beginning + net sales - current end) x 100"
        case .ceiClassic: "(beginning + net sales - end) / (beginning + net sales - current end) x 100"
        case .ceiCashConstantRate: "the cash form with every amount at the rates of the last day"
        case .ceiClassicConstantRate: "the classic form with every amount at the rates of the last day"
        case .badDebt: "written off less what was recovered of it / net sales of the period x 100"
        case .recoveredCount: "debts paid in full within the window / all mature debts of the cohort x 100"
        case .recoveredAmount: "money received within the window, at most the debt / debts of the mature cohort x 100"
        case .recoveredChange: "recovered share less that of the mature cohort before, in points"
        case .promisesKeptCount: "promises kept / promises decided x 100; cancelled ones are left out"
        case .wrongDunning: "messages that listed an invoice on which nothing was owed that day / messages sent x 100"
        case .promisesKeptAmount: "money received for decided promises, at most the promise / money promised x 100"
        }
    }
}
