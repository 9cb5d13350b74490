/// Why a metric has no value. A closed list: whoever shows figures can have a sentence for each.
package enum Undefined: String, Error, Sendable, Codable, CaseIterable {
    /// Nothing was sold in the period, or credit notes outweigh what was.
    case noSales = "no_sales"
    /// There was nothing to collect.
    case noReceivables = "no_receivables"
    /// The receivables are older than the months walked back.
    case lookbackExceeded = "lookback_exceeded"
    /// Some of the cohort have not had their full window yet.
    case immatureCohort = "immature_cohort"
    /// Nobody was contacted, or no charge failed, in the cohort's month.
    case emptyCohort = "empty_cohort"
    /// No mature cohort comes before this one.
    case noEarlierCohort = "no_earlier_cohort"
    /// An amount of a currency for which no rate is known on or before its day.
    case noRate = "no_rate"
    /// No promise fell due in the period, or all that did were cancelled.
    case noPromises = "no_promises"
    /// No invoice was settled by payment in the period.
    case nothingSettled = "nothing_settled"
    /// No message left in the period.
    case nothingSent = "nothing_sent"
}

/// One figure with what it was made of, or the reason why there is none: never 0, NaN or infinity in its place.
package struct Metric: Hashable, Sendable {
    package let definition: MetricDefinition
    /// In ``MetricDefinition/unit``.
    package let value: Double?
    /// Set exactly when there is no value.
    package let reason: Undefined?
    /// Amounts in minor units, or counts; absent where not even that is known.
    package let numerator: Double?
    package let denominator: Double?
    /// Where the value is only known to be greater: the days walked back in vain.
    package let exceeds: Double?

    /// A minor unit's part that is none: what sums of converted amounts leave where they should come to nothing.
    static let nothing = 1e-6

    /// `numerator / denominator x factor`; undefined for `reason` unless the denominator is positive.
    package static func ratio(
        _ definition: MetricDefinition, _ numerator: Double, over denominator: Double, times factor: Double,
        else reason: Undefined
    ) -> Metric {
        let value = numerator * factor / denominator
        let isDefined = denominator > nothing && value.isFinite
        return Metric(
            definition: definition, value: isDefined ? value : nil, reason: isDefined ? nil : reason,
            numerator: numerator, denominator: denominator, exceeds: nil)
    }

    package static func value(
        _ definition: MetricDefinition, _ value: Double, numerator: Double? = nil, denominator: Double? = nil
    ) -> Metric {
        precondition(value.isFinite, "a metric is a number or undefined")
        return Metric(
            definition: definition, value: value, reason: nil, numerator: numerator, denominator: denominator,
            exceeds: nil)
    }

    package static func undefined(
        _ definition: MetricDefinition, _ reason: Undefined, numerator: Double? = nil, denominator: Double? = nil,
        exceeds: Double? = nil
    ) -> Metric {
        Metric(
            definition: definition, value: nil, reason: reason, numerator: numerator, denominator: denominator,
            exceeds: exceeds)
    }
}
