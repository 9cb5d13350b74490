import ArgumentParser
import Dunning
import Operations
import Store

struct WrongReport: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "wrong",
        abstract: "Reminders of what had been paid when they left, by the source that said so too late.")

    @OptionGroup var tenant: TenantOption
    @Option(help: "Only this brand: brd_….") var brand: String?
    @Option(help: "First day of sending; 90 days up to the last when not given.") var from: String?
    @Option(help: "Last day of sending; today when not given.") var to: String?

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(tenant.tenant).id)
        let (first, last) = (try ReportOptions.day(from), try ReportOptions.day(to))
        let brand = try brand.map { text in
            guard let id = ID<Brand>(text) else { throw Complaint("\(text) is no id of a brand") }
            return id
        }
        let result = try await desk.read(context) { tx, context in
            try ReadWrongDunning(brand: brand, from: first, to: last).run(in: &tx, context)
        }
        print("\(result.period.from) to \(result.period.to)")
        print(ReportWords.table([result.rate]))
        let figures = result.figures
        let rows = figures.sources.map { source in
            [
                source.name, "\(source.messages)", "\(source.invoices)",
                ReportWords.value(result.share(of: source.messages)),
            ]
        }
        print(
            Terminal.table(
                [["source", "messages", "invoices", "of all"]] + rows
                    + [["all", "\(figures.wrong) of \(figures.sent)", "", ReportWords.value(result.rate)]]))
        for example in result.examples.prefix(10) {
            print("\(example.day)  \(example.message)  \(example.invoice)  \(example.source)")
        }
    }
}
