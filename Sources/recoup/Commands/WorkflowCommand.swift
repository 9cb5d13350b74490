import ArgumentParser
import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store

/// Workflows as documents a person reads, keeps beside other texts, and takes from one tenant to another.
struct WorkflowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflow",
        abstract:
            "Exports, imports, compares and checks workflows as YAML documents; installs, archives and restores them.",
        subcommands: [
            ListWorkflows.self, ArchiveCommand.self, RestoreCommand.self, ExportWorkflow.self, ImportWorkflow.self,
            DiffWorkflow.self, CheckWorkflow.self,
            ListCatalogue.self, InstallCommand.self,
        ])

    /// The document in a file, or on standard input for `-`.
    static func document(at path: String) throws -> DocumentValue {
        let data: Data
        if path == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
        } else {
            guard let found = FileManager.default.contents(atPath: path) else {
                throw Complaint("there is no file \(path), or it cannot be read")
            }
            data = found
        }
        return try YAMLDocument.read(String(decoding: data, as: UTF8.self))
    }

    static func lines(_ changes: [WorkflowDiff.Change]) -> String {
        changes.isEmpty ? "no difference" : changes.map(\.words).joined(separator: "\n")
    }
}

struct ExportWorkflow: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Prints the published version of a workflow as YAML.")

    @OptionGroup var option: TenantOption
    @Argument(help: "Its name, or wfl_….") var workflow: String

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let name = WorkflowName(workflow)
        let document = try await desk.database(.api).read(as: .tenant(context.tenant)) { tx in
            try ReadWorkflow.document(name, in: &tx)
        }
        guard let document else { throw Complaint("there is no workflow \(workflow)") }
        print(YAMLDocument.text(of: document.value()), terminator: "")
    }
}

struct ImportWorkflow: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Publishes a YAML document: as a new workflow, or as a new version of the one of that name.")

    @OptionGroup var option: TenantOption
    @Argument(help: "The file, or - for standard input.") var file: String
    @Flag(help: "Open cases go over to the version; where many would, a simulation confirms it.") var moveCases = false
    @Option(help: "The simulation that tried just this, sim_… of `recoup simulate --document`.") var confirm: String?

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let simulation = try confirm.map { text in
            guard let id = ID<SimulationRun>(text) else { throw Complaint("\(text) is no id of a simulation, sim_…") }
            return id
        }
        let put = PutWorkflow(
            try WorkflowDocument(try WorkflowCommand.document(at: file)), movesCases: moveCases,
            confirmation: simulation)
        let result = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try put.run(in: &tx, context)
        }
        print("\(result.record.name): version \(result.record.number) (\(result.record.id))")
        print(WorkflowCommand.lines(result.changes))
    }
}

struct DiffWorkflow: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Compares a YAML document with the published version of that name.")

    @OptionGroup var option: TenantOption
    @Argument(help: "The file, or - for standard input.") var file: String

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let document = try WorkflowDocument(try WorkflowCommand.document(at: file))
        let old = try await desk.database(.api).read(as: .tenant(context.tenant)) { tx in
            try ReadWorkflow.document(.name(document.name), in: &tx)
        }
        print(WorkflowCommand.lines(WorkflowDiff.changes(from: old, to: document)))
    }
}

struct CheckWorkflow: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Says what is wrong with a workflow, and what is unwise in the texts it sends.",
        discussion:
            "A document is not published by it. The texts are judged in every language, as the brands send them.")

    @OptionGroup var option: TenantOption
    @Argument(help: "A YAML file, - for standard input, or the name or id of a workflow that is there.")
    var workflow: String

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let name = WorkflowName(workflow)
        let isThere = try await desk.database(.api).read(as: .tenant(context.tenant)) { tx in
            try ReadWorkflow.document(name, in: &tx)?.value()
        }
        let value = try isThere ?? WorkflowCommand.document(at: workflow)
        let (problems, findings) = try await desk.database(.api).read(as: .tenant(context.tenant)) {
            tx -> ([FieldProblem], [LintTexts.Finding]) in
            let problems = try LintWorkflow.run(value, in: &tx)
            guard problems.isEmpty else { return (problems, []) }
            return ([], try LintTexts(of: WorkflowDocument(value)).run(in: &tx))
        }
        for problem in problems { print("\(problem.pointer)  \(problem.code): \(problem.detail)") }
        for finding in findings { print(Self.line(finding)) }
        guard problems.isEmpty else { throw Complaint("\(problems.count) problems") }
        if findings.isEmpty { print("nothing is wrong with it") }
    }

    private static func line(_ finding: LintTexts.Finding) -> String {
        let problem = finding.problem
        return "\(finding.template), \(finding.locale), \(problem.part.rawValue) line \(problem.line)  "
            + "\(problem.code.rawValue): \(problem.message)"
    }
}
