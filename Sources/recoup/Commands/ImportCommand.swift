import ArgumentParser
import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store

struct ImportCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Takes in a file of customers, invoices and payments.",
        discussion: """
            CSV or NDJSON, as it is or as gzip. The mapping is a JSON file: {"fields": {"customer.external_id": \
            {"column": "id"}, "invoice.currency": {"constant": "USD"}, "contact.email": {"pattern": \
            "{id}@example.com"}, …}, "date_format": "M/d/yyyy", "decimal": ".", "brand": "…"}, or the name of a stored \
            one. A worker does the work; this command waits for it and shows how far it is. The same file again \
            changes nothing.
            """)

    @OptionGroup var option: TenantOption
    @Option(help: "JSON file that says which column fills what, or the name of a stored mapping.") var mapping: String?
    @Option(help: "atomic (all or nothing), partial (what is right goes in) or dry_run (only what would happen).")
    var mode: ImportRecord.Mode = .partial
    @Option(
        help: "How new cases enter: review, first_stage, by_age_capped(k) or ignore_older_than(days).",
        transform: EntryPolicy.init(argument:)) var entryPolicy: EntryPolicy?
    @Option(help: "Where the rows come from; external ids are unique within it.") var source: String?
    @Flag(help: "The file lists all open invoices; those it lacks are closed, more than a fifth once confirmed.")
    var snapshot = false
    @Flag(inversion: .prefixedNo, help: "Wait until it is done.") var wait = true
    @Option(help: "Where to write all refused rows, as CSV.") var report: String?
    @Flag(help: "Confirm the import with this id, which waits for it, instead of taking in a file.") var confirm = false
    @Flag(help: "Cancel the import with this id, instead of taking in a file.") var cancel = false
    @Argument(help: "The file; with --confirm or --cancel the id of an import.") var file: String

    /// How many refused rows are shown; the rest is in the report.
    static let shown = 20

    func validate() throws {
        if confirm, cancel { throw ValidationError("--confirm and --cancel are opposites") }
        if !confirm, !cancel, mapping == nil { throw ValidationError("--mapping says which column fills what") }
    }

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let id = confirm || cancel ? try await answered(at: desk, context) : try await upload(at: desk, context)
        let watch = ImportWatch(id: id, desk: desk, context: context)
        let record = wait ? try await watch.untilItEnds() : try await watch.record()
        try await tell(record, at: desk, context)
        if record.state == .failed { throw ExitCode.failure }
    }

    private func answered(at desk: Desk, _ context: Context) async throws -> ID<Import> {
        guard let id = ID<Import>(file) else { throw Complaint("\(file) is no id of an import (imp_…)") }
        let answer: AnswerImport = confirm ? .confirm : .cancel
        try await desk.database(.bulk).write(as: .tenant(context.tenant)) { tx in
            try answer.run(id, in: &tx, context)
        }
        return id
    }

    private func upload(at desk: Desk, _ context: Context) async throws -> ID<Import> {
        let url = URL(filePath: file)
        guard FileManager.default.isReadableFile(atPath: url.path) else { throw Complaint("\(file) cannot be read") }
        return try await ReceiveImport(
            try choice(), mode: mode, source: source, isSnapshot: snapshot ? true : nil, policy: entryPolicy,
            fileName: url.lastPathComponent
        ).run(FileChunks(contentsOf: url), on: desk.database(.bulk), context)
    }

    /// A file when there is one of this name.
    private func choice() throws -> ReceiveImport.Choice {
        let mapping = mapping ?? ""
        guard FileManager.default.fileExists(atPath: mapping) else { return .named(mapping) }
        do {
            let data = try Data(contentsOf: URL(filePath: mapping))
            return .given(try ImportMapping(json: String(decoding: data, as: UTF8.self)))
        } catch let rejection as Rejection {
            throw rejection
        } catch {
            throw Complaint("\(mapping) cannot be read")
        }
    }

    private func tell(_ record: ImportRecord, at desk: Desk, _ context: Context) async throws {
        let counts = record.counts
        var lines = [
            ["import", record.id.description], ["state", record.state.rawValue], ["rows", "\(record.rowsRead)"],
            ["customers", Self.count(counts.customersCreated, counts.customersChanged)],
            ["invoices", Self.count(counts.invoicesCreated, counts.invoicesChanged)],
            ["payments", Self.count(counts.paymentsCreated, counts.paymentsChanged)],
            ["credit notes", Self.count(counts.creditNotesCreated, counts.creditNotesChanged)],
            ["unchanged rows", "\(counts.unchanged)"], ["older, ignored", "\(counts.older)"],
            ["errors", "\(record.errors)"],
        ]
        if record.isSnapshot { lines.append(["closed as absent", "\(counts.settled)"]) }
        if let entry = record.entry { lines.append(["entry policy", entry.text]) }
        if let problem = record.problem { lines.append(["problem", "\(problem.code): \(problem.text)"]) }
        print(Terminal.table(lines))
        if record.state == .awaitingConfirmation {
            print(
                """
                \(record.closing) of \(record.openItems) open invoices are missing in this list and would be closed.
                To go on: recoup import --confirm \(record.id); else --cancel
                """)
        }
        let problems = try await desk.database(.bulk).read(as: .tenant(context.tenant)) { tx in
            try tx.importErrors(of: record.id, count: Self.shown)
        }
        for problem in problems {
            print("line \(problem.line): \(problem.field): \(problem.code): \(problem.message)")
        }
        if record.errors > Self.shown {
            print("… and \(record.errors - Self.shown) more" + (report == nil ? "; --report FILE writes them all" : ""))
        }
        if let report { try await write(record.id, to: report, at: desk, context) }
    }

    private static func count(_ created: Int, _ changed: Int) -> String {
        changed == 0 ? "\(created)" : "\(created), \(changed) changed"
    }

    private func write(_ id: ID<Import>, to path: String, at desk: Desk, _ context: Context) async throws {
        var text = ImportErrorFile.csv.header
        var last: ImportErrorRecord?
        repeat {
            let (row, field) = (last?.row ?? -1, last?.field ?? "")
            let page = try await desk.database(.bulk).read(as: .tenant(context.tenant)) { tx in
                try tx.importErrors(of: id, after: row, field: field, count: 1_000)
            }
            text += page.map(ImportErrorFile.csv.line).joined()
            last = page.last
        } while last != nil
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw Complaint("\(path) cannot be written; the import itself is done")
        }
    }
}

extension ImportRecord.Mode: ExpressibleByArgument {}

extension EntryPolicy {
    init(argument: String) throws {
        guard let policy = EntryPolicy(argument) else {
            throw ValidationError("must be review, first_stage, by_age_capped(k) or ignore_older_than(days)")
        }
        self = policy
    }
}
