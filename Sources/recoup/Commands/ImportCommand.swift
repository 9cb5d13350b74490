import ArgumentParser
import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store

struct ImportCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes in a CSV file of customers, invoices and payments.",
        discussion: """
            The mapping is a JSON file: {"fields": {"customer.external_id": {"column": "id"}, "invoice.currency": \
            {"constant": "USD"}, "contact.email": {"pattern": "{id}@example.com"}, …}, "date_format": "M/d/yyyy", \
            "decimal": ".", "brand": "…"}. Good rows go in, bad ones are listed. The same file again changes nothing.
            """)

    @OptionGroup var option: TenantOption
    @Option(help: "JSON file that says which column fills what.") var mapping: String
    @Option(
        help: "How new cases enter: review, first_stage, by_age_capped(k) or ignore_older_than(days).",
        transform: EntryPolicy.init(argument:)) var entryPolicy: EntryPolicy?
    @Option(help: "Where to write all refused rows, as CSV.") var report: String?
    @Argument(help: "The CSV file.") var file: String

    /// How many refused rows are shown; the rest is in the report.
    static let shown = 20

    func run(at desk: Desk) async throws {
        let mapping = try ImportMapping(json: String(decoding: try Self.read(mapping), as: UTF8.self))
        let operation = ImportLedger(csv: [UInt8](try Self.read(file)), mapping: mapping, entry: entryPolicy)
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let bar = ProgressBar()
        let result: ImportReport
        do {
            result = try await operation.run(on: desk.database(.bulk), context) { state in
                let errors = state.errors == 0 ? "" : ", \(state.errors) errors"
                bar.show(done: state.rowsDone, of: state.rowCount, note: "rows\(errors)")
            }
        } catch {
            bar.end()
            throw error
        }
        bar.end()
        try await tell(result, at: desk, context)
    }

    private func tell(_ result: ImportReport, at desk: Desk, _ context: Context) async throws {
        let record = result.record
        print(
            Terminal.table([
                ["import", record.id.description], ["rows", "\(record.rowsRead)"],
                ["customers", "\(record.customersCreated)"], ["invoices", "\(record.invoicesCreated)"],
                ["payments", "\(record.paymentsCreated)"], ["unchanged rows", "\(record.unchanged)"],
                ["errors", "\(record.errors)"], ["entry policy", record.entry.text],
            ]))
        for problem in result.problems.prefix(Self.shown) {
            print("line \(problem.line): \(problem.part): \(problem.code): \(problem.message)")
        }
        if record.errors > Self.shown {
            print("… and \(record.errors - Self.shown) more" + (report == nil ? "; --report FILE writes them all" : ""))
        }
        if let report { try await write(record.id, to: report, at: desk, context) }
    }

    private func write(_ id: ID<Import>, to path: String, at desk: Desk, _ context: Context) async throws {
        var text = "line,part,field,code,message\n"
        var last: ImportErrorRecord?
        repeat {
            let (line, part) = (last?.line ?? 0, last?.part ?? "")
            let page = try await desk.database(.bulk).read(as: .tenant(context.tenant)) { tx in
                try tx.importErrors(of: id, after: line, part: part, count: 1_000)
            }
            for error in page {
                let message = error.message.replacingOccurrences(of: "\"", with: "\"\"")
                text += "\(error.line),\(error.part),\(error.field),\(error.code),\"\(message)\"\n"
            }
            last = page.last
        } while last != nil
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw Complaint("\(path) cannot be written; the import itself is done")
        }
    }

    private static func read(_ path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Complaint("\(path) cannot be read")
        }
    }
}

extension EntryPolicy {
    init(argument: String) throws {
        guard let policy = EntryPolicy(argument) else {
            throw ValidationError("must be review, first_stage, by_age_capped(k) or ignore_older_than(days)")
        }
        self = policy
    }
}
