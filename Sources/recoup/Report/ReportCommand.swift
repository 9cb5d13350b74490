import ArgumentParser
import Dunning
import Foundation
import Host
import Operations
import Postgres

/// Figures for people: a table, a sparkline, and a chart.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Prints DSO, aging, recovery or wrong dunning of a tenant, and draws them.",
        subcommands: [DSOReport.self, AgingReport.self, RecoveryReport.self, WrongReport.self])
}

/// What every report can be asked for.
struct ReportOptions: ParsableArguments {
    @OptionGroup var tenant: TenantOption
    @Option(help: "A currency, or base for all together; the only one there is when not given.") var currency: String?
    @Option(help: "Only this brand: brd_….") var brand: String?
    @Option(help: "Months shown.") var months = 12
    @Option(help: "Draw a chart into this file.") var svg: String?

    /// In which money, among those there are.
    func money(among currencies: [Currency]) throws -> InsightMoney {
        if currency == "base" { return .base }
        if let currency {
            guard let currency = Currency(currency) else {
                throw Complaint("\(currency) is no currency of ISO 4217, such as USD")
            }
            return .one(currency)
        }
        let codes = Set(currencies).map(\.code).sorted()
        guard codes.count <= 1 else {
            throw Complaint("there are \(codes.joined(separator: ", ")): say which with --currency, or base for all")
        }
        return codes.first.flatMap { Currency($0) }.map { .one($0) } ?? .each
    }

    func brandID() throws -> ID<Brand>? {
        guard let brand else { return nil }
        guard let id = ID<Brand>(brand) else { throw Complaint("\(brand) is no id of a brand") }
        return id
    }

    func validate() throws {
        guard (2...60).contains(months) else { throw ValidationError("--months must be from 2 to 60") }
    }

    static func day(_ text: String?) throws -> Day? {
        guard let text else { return nil }
        guard let day = Day(text) else { throw Complaint("\(text) is no day such as 2026-11-24") }
        return day
    }

    func draw(_ chart: Chart) throws {
        guard let svg else { return }
        try Data(chart.svg.utf8).write(to: URL(fileURLWithPath: svg), options: .atomic)
        StandardError.write("The chart is in \(svg).")
    }
}

extension Desk {
    /// Reads on behalf of a tenant.
    func read<R: Sendable>(
        _ context: Context, _ body: @escaping @Sendable (inout Transaction, Context) throws -> R
    ) async throws -> R {
        try await database(.api).read(as: .tenant(context.tenant)) { tx in try body(&tx, context) }
    }

    /// Figures of the months that end with that of a day; the last one ends with the day itself. Each is of the 90 days up to
    /// its end.
    func figures(
        _ context: Context, brand: ID<Brand>?, money: InsightMoney, until last: Day, months: Int
    ) async throws -> [(end: Day, figures: Figures?, edges: AgingEdges)] {
        let ends = (0..<months).reversed().map { age in min(last, Month(of: last).adding(-age).last) }
        return try await read(context) { tx, context in
            try ends.map { end in
                let result = try ReadFigures(brand: brand, money: money, to: end).run(in: &tx, context)
                return (end, result.figures.first, result.edges)
            }
        }
    }
}

/// How figures are written.
enum ReportWords {
    static func value(_ metric: Metric) -> String {
        if let value = metric.value { return number(value) + (metric.definition.unit == .percent ? " %" : "") }
        if let exceeds = metric.exceeds { return "more than \(number(exceeds))" }
        return "— (\(metric.reason?.rawValue.replacing("_", with: " ") ?? "undefined"))"
    }

    static func number(_ value: Double) -> String { String(format: "%.2f", value) }

    static func money(_ minor: Double, _ currency: Currency) -> String {
        Money(minor: Int64(exactly: minor.rounded()) ?? 0, currency: currency).decimal
    }

    /// Short, for an axis: 250k, 1.2M.
    static func short(_ minor: Double, _ currency: Currency) -> String {
        let units = minor / Double(currency.unit)
        for (size, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where abs(units) >= size {
            return trimmed(units / size) + suffix
        }
        return trimmed(units)
    }

    static func trimmed(_ value: Double) -> String {
        value == value.rounded() ? String(format: "%.0f", value) : String(format: "%.1f", value)
    }

    static func table(_ metrics: [Metric]) -> String {
        Terminal.table(
            metrics.map { metric in
                [metric.definition.label, value(metric), metric.definition.words]
            })
    }
}
