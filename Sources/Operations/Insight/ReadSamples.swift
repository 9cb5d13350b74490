package import Dunning
package import Postgres
import Store

/// Numbers of one name, as Prometheus wants them: a series for each combination of labels. What is undefined has none.
package struct SampleFamily: Sendable {
    package let name: String
    package let help: String
    package let labels: [String]
    package var values: [(labels: [String], value: Double)] = []

    fileprivate init(_ name: String, _ help: String, _ labels: [String]) {
        self.name = name
        self.help = help
        self.labels = labels
    }
}

extension SampleFamily {
    /// The same with the tenant as a label, to stand beside those of others.
    package func labelled(tenant: ID<Tenant>) -> SampleFamily {
        var family = SampleFamily(name, help, ["tenant"] + labels)
        family.values = values.map { ([tenant.description] + $0.labels, $0.value) }
        return family
    }

    /// Families of several tenants, those of one name together.
    package static func merged(_ families: [SampleFamily]) -> [SampleFamily] {
        var merged: [String: SampleFamily] = [:]
        for family in families { merged[family.name, default: family.emptied].values += family.values }
        return merged.values.sorted { $0.name < $1.name }
    }

    private var emptied: SampleFamily { SampleFamily(name, help, labels) }
}

/// All numbers of a tenant at once, by currency; those in the base currency under `base`. Ratios are between 0 and 1.
package struct ReadSamples: Sendable {
    private let from: Day?
    private let to: Day?

    /// The same period as ``ReadFigures``; promises are those due in it, recovery is of the last month that had its time by
    /// its end.
    package init(from: Day? = nil, to: Day? = nil) {
        self.from = from
        self.to = to
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> [SampleFamily] {
        let settings = try tx.insightSettings()
        let moneys: [InsightMoney] = settings.base == nil ? [.each] : [.each, .base]
        let today = to ?? settings.zone.day(of: context.now)
        var month = Month(of: today)
        while !Recovery.isMature(month, window: ReadRecovery.window, asOf: today) { month = month.adding(-1) }
        var samples = Samples()
        for money in moneys {
            let result = try ReadFigures(money: money, from: from, to: to).run(in: &tx, context)
            for figures in result.figures { samples.add(figures, result.edges) }
            let recovery = try ReadRecovery(money: money, from: month.first, to: month.last, asOf: today)
            for cohort in try recovery.run(in: &tx, context).cohorts { samples.add(cohort) }
            for group in try ReadPromises(money: money, from: from, to: to, asOf: today).run(in: &tx, context).groups {
                samples.add(group)
            }
        }
        samples.add(try ReadWrongDunning(from: from, to: today).run(in: &tx, context))
        return samples.families
    }
}

private struct Samples {
    private var dso = SampleFamily("recoup_dso_days", "Days sales outstanding.", ["currency", "method"])
    private var beyond = SampleFamily(
        "recoup_days_beyond_terms", "Days from due date to settlement, plain and weighted by cash.",
        ["currency", "weight"])
    private var open = SampleFamily(
        "recoup_ar_minor_units", "Receivables by age, in minor units.", ["bucket", "currency"])
    private var disputed = SampleFamily(
        "recoup_ar_disputed_minor_units", "Of the receivables, what is in dispute.", ["currency"])
    private var unapplied = SampleFamily(
        "recoup_ar_unapplied_minor_units", "Credit not used yet, negative.", ["currency"])
    private var cei = SampleFamily("recoup_cei_ratio", "Collection effectiveness.", ["currency", "method"])
    private var badDebt = SampleFamily("recoup_bad_debt_ratio", "Written off of what was sold.", ["currency"])
    private var recovery = SampleFamily(
        "recoup_recovery_ratio", "Recovered after the first contact, of the last mature month.",
        ["currency", "basis", "window_days"])
    private var promises = SampleFamily(
        "recoup_promises_kept_ratio", "Promises kept of those decided.", ["currency", "basis"])

    private var wrong = SampleFamily(
        "recoup_wrong_dunning_ratio", "Messages that asked for what had been paid, of those sent; by source, and all.",
        ["source"])

    var families: [SampleFamily] {
        [dso, beyond, open, disputed, unapplied, cei, badDebt, recovery, promises, wrong].filter { !$0.values.isEmpty }
    }

    mutating func add(_ figures: Figures, _ edges: AgingEdges) {
        let currency = Self.label(figures.currency, figures.isBase)
        for metric in figures.dso + figures.cei {
            guard let value = metric.value else { continue }
            switch metric.definition {
            case .daysBeyondTerms: beyond.values.append(([currency, "none"], value))
            case .daysBeyondTermsWeighted: beyond.values.append(([currency, "cash"], value))
            case .badDebt: badDebt.values.append(([currency], value / 100))
            case let definition where definition.rawValue.hasPrefix("cei_"):
                cei.values.append(([currency, String(definition.rawValue.dropFirst(4))], value / 100))
            case let definition where definition.rawValue.hasPrefix("dso_"):
                dso.values.append(([currency, String(definition.rawValue.dropFirst(4))], value))
            case let definition: dso.values.append(([currency, definition.rawValue], value))
            }
        }
        guard figures.isRated else { return }
        for (bucket, amount) in zip(edges.labels, edges.buckets(of: figures.end)) {
            open.values.append(([bucket, currency], amount))
        }
        disputed.values.append(([currency], figures.end.disputed))
        unapplied.values.append(([currency], figures.end.unapplied))
    }

    mutating func add(_ cohort: ReadRecovery.Cohort) {
        let currency = Self.label(cohort.currency, cohort.isBase)
        for (basis, metric) in [("count", cohort.within.count), ("amount", cohort.within.amount)] {
            guard let value = metric.value else { continue }
            recovery.values.append(([currency, basis, "\(ReadRecovery.window)"], value / 100))
        }
    }

    mutating func add(_ group: ReadPromises.Group) {
        let currency = Self.label(group.currency, group.isBase)
        for (basis, metric) in [("count", group.rates.count), ("amount", group.rates.amount)] {
            guard let value = metric.value else { continue }
            promises.values.append(([currency, basis], value / 100))
        }
    }

    mutating func add(_ result: ReadWrongDunning.Result) {
        guard let rate = result.rate.value else { return }
        wrong.values.append((["all"], rate / 100))
        for source in result.figures.sources {
            wrong.values.append(([source.name], Double(source.messages) / Double(result.figures.sent)))
        }
    }

    private static func label(_ currency: Currency, _ isBase: Bool) -> String { isBase ? "base" : currency.code }
}
