import ArgumentParser
import Dunning
import Foundation
import Operations
import Store

struct DSOReport: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "dso", abstract: "Days sales outstanding in its forms, and collection effectiveness.")

    @OptionGroup var options: ReportOptions
    @Option(help: "First day of the period; 90 days up to the last when not given.") var from: String?
    @Option(help: "Last day of the period; today when not given.") var to: String?

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(options.tenant.tenant).id)
        let (brand, first, last) = (try options.brandID(), try ReportOptions.day(from), try ReportOptions.day(to))
        let all = try await desk.read(context) { tx, context in
            try ReadFigures(brand: brand, from: first, to: last).run(in: &tx, context)
        }
        let money = try options.money(among: all.figures.map(\.currency))
        let result = try await desk.read(context) { tx, context in
            try ReadFigures(brand: brand, money: money, from: first, to: last).run(in: &tx, context)
        }
        guard let figures = result.figures.first else { throw Complaint("there is nothing in the ledger yet") }
        print(
            "\(figures.isBase ? "All, in \(figures.currency)" : figures.currency.code), \(result.period.from) to \(result.period.to)"
        )
        print(ReportWords.table(figures.dso + figures.cei))
        let trend = try await desk.figures(
            context, brand: brand, money: money, until: result.period.to, months: options.months)
        print("\nPeriod-end DSO over the 90 days to the end of each month:")
        let values = trend.map { $0.figures?.dso.first?.value }
        print("\(Sparkline.text(values))  \(trend[0].end) to \(result.period.to)")
        try options.draw(chart(trend.map { ($0.end, $0.figures) }, figures.currency))
    }

    private func chart(_ trend: [(end: Day, figures: Figures?)], _ currency: Currency) -> Chart {
        func values(_ definition: MetricDefinition) -> [Double?] {
            trend.map { $0.figures?.dso.first { $0.definition == definition }?.value }
        }
        let shown: [(String, MetricDefinition)] = [
            ("period end", .dsoPeriodEnd), ("count back", .dsoCountBack), ("best possible", .dsoBestPossible),
            ("average balance", .dsoAverage),
        ]
        return Chart(
            title: "Days sales outstanding, \(currency.code)",
            subtitle: "over the 90 days to the end of each month; days", kind: .lines,
            labels: trend.map { Month(of: $0.end).description },
            series: zip(shown, Chart.colours).map { shown, colour in
                Chart.Series(
                    name: shown.0, colour: colour, values: values(shown.1), isDashed: shown.1 == .dsoBestPossible)
            }, axis: ReportWords.trimmed)
    }
}

struct AgingReport: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "aging", abstract: "Receivables by how long they are overdue.")

    @OptionGroup var options: ReportOptions
    @Option(help: "The day; today when not given.") var asOf: String?

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(options.tenant.tenant).id)
        let (brand, day) = (try options.brandID(), try ReportOptions.day(asOf))
        let all = try await desk.read(context) { tx, context in
            try ReadFigures(brand: brand, to: day).run(in: &tx, context)
        }
        let money = try options.money(among: all.figures.map(\.currency))
        let trend = try await desk.figures(
            context, brand: brand, money: money, until: all.period.to, months: options.months)
        guard let figures = trend.last?.figures, let edges = trend.last?.edges else {
            throw Complaint("there is nothing in the ledger yet")
        }
        guard figures.isRated else { throw Complaint("some currency has no exchange rate for \(all.period.to)") }
        let (currency, end) = (figures.currency, figures.end)
        print("\(figures.isBase ? "All, in \(currency)" : currency.code), as of \(all.period.to)")
        var rows = zip(edges.labels, edges.buckets(of: end)).map { label, amount in
            [
                label, ReportWords.money(amount, currency),
                end.open > 0 ? "\(Int((amount / end.open * 100).rounded())) %" : "",
            ]
        }
        rows += [
            ["open", ReportWords.money(end.open, currency), ""],
            ["of which disputed", ReportWords.money(end.disputed, currency), ""],
            ["unapplied credit", ReportWords.money(end.unapplied, currency), ""],
        ]
        print(Terminal.table(rows))
        print(ReportWords.table(figures.beyondTerms))
        print("\nOverdue at the end of each month:")
        print("\(Sparkline.text(trend.map { $0.figures?.end.overdue }))  \(trend[0].end) to \(all.period.to)")
        try options.draw(chart(trend, edges, currency))
    }

    private func chart(
        _ trend: [(end: Day, figures: Figures?, edges: AgingEdges)], _ edges: AgingEdges, _ currency: Currency
    ) -> Chart {
        let buckets = trend.map { $0.figures.map { edges.buckets(of: $0.end) } }
        let colours = ["#56B4E9", "#009E73", "#F0E442", "#E69F00", "#D55E00"]
        var series = zip(edges.labels, colours).enumerated().map { index, bucket in
            Chart.Series(name: bucket.0, colour: bucket.1, values: buckets.map { $0?[index] })
        }
        series.append(
            Chart.Series(
                name: "unapplied credit", colour: "#999999", values: trend.map { $0.figures?.end.unapplied }))
        return Chart(
            title: "Receivables by days overdue, \(currency.code)", subtitle: "at the end of each month", kind: .bars,
            labels: trend.map { Month(of: $0.end).description }, series: series,
            axis: { ReportWords.short($0, currency) })
    }
}

struct RecoveryReport: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery", abstract: "What came in after the first contact, by the month of it.")

    @OptionGroup var options: ReportOptions
    @Option(help: "Days after the first contact.") var window = ReadRecovery.window
    @Option(help: "What came in later does not count; today when not given.") var asOf: String?

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(options.tenant.tenant).id)
        let (brand, day) = (try options.brandID(), try ReportOptions.day(asOf))
        let (window, months) = (window, options.months)
        let today = try await desk.read(context) { tx, context in
            try ReadRecovery(brand: brand, asOf: day, window: window).run(in: &tx, context)
        }
        let money = try options.money(among: today.cohorts.map(\.currency))
        let first = Month(of: today.asOf).adding(1 - months).first
        let result = try await desk.read(context) { tx, context in
            try ReadRecovery(brand: brand, money: money, from: first, to: today.asOf, asOf: today.asOf, window: window)
                .run(in: &tx, context)
        }
        guard let cohort = result.cohorts.first else { throw Complaint("nobody was contacted yet") }
        print(
            "\(cohort.isBase ? "All, in \(cohort.currency)" : cohort.currency.code), within \(window) days of the first contact, as of \(result.asOf)"
        )
        let rows = result.cohorts.map { cohort in
            [
                cohort.month.description, "\(cohort.toDate.rates.episodes)", ReportWords.value(cohort.within.count),
                cohort.within.interval.map {
                    "\(ReportWords.number($0.lower * 100))–\(ReportWords.number($0.upper * 100))"
                } ?? "", ReportWords.value(cohort.within.amount), change(cohort.change.points),
                ReportWords.value(cohort.toDate.rates.count), "\(cohort.toDate.inProgress)",
            ]
        }
        print(
            Terminal.table(
                [["month", "cases", "paid in full", "95 %", "of the money", "points", "to date", "running"]] + rows))
        print("\n\(Sparkline.text(result.cohorts.map(\.within.count.value)))")
        try options.draw(chart(result.cohorts, cohort.currency))
    }

    private func change(_ points: Metric) -> String {
        points.value.map { ($0 >= 0 ? "+" : "") + ReportWords.number($0) } ?? ""
    }

    private func chart(_ cohorts: [ReadRecovery.Cohort], _ currency: Currency) -> Chart {
        Chart(
            title: "Recovered within \(window) days of the first contact, \(currency.code)",
            subtitle: "by the month of the first contact; percent, brackets hold the true share in 95 of 100 cases",
            kind: .lines, labels: cohorts.map(\.month.description),
            series: [
                Chart.Series(
                    name: "cases paid in full", colour: Chart.colours[0], values: cohorts.map(\.within.count.value),
                    intervals: cohorts.map { cohort in
                        cohort.within.interval.map { $0.lower * 100...$0.upper * 100 }
                    }),
                Chart.Series(
                    name: "of the money", colour: Chart.colours[1], values: cohorts.map(\.within.amount.value),
                    isDashed: true),
            ], axis: { ReportWords.trimmed($0) + " %" })
    }
}
