import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

/// The ready-made workflows, which need no database to be looked at.
struct ListCatalogue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue", abstract: "Lists the ready-made workflows, or prints one as a YAML document.")

    @Argument(help: "The name of one, such as b2c.") var name: String?

    func run() throws {
        guard let name else { return print(Self.list) }
        guard let ready = ReadyMadeWorkflow.named(name) else { throw Complaint(Self.unknown(name)) }
        print(Self.page(ready))
    }

    static var list: String {
        let entries = ReadyMadeWorkflow.all.map { "\($0.key)  (\($0.document.name))\n    \($0.purpose)" }
        return entries.joined(separator: "\n")
            + "\n\nShow one with `recoup workflow catalogue NAME`; install it with `recoup workflow install NAME`."
    }

    static func unknown(_ name: String) -> String {
        "there is no ready-made workflow \(name): there are "
            + ReadyMadeWorkflow.all.map(\.key).joined(separator: ", ")
    }

    /// What it is for stands above the document, as a comment: the whole can be edited and imported.
    static func page(_ ready: ReadyMadeWorkflow) -> String {
        let letters = ready.letters.map { "#   \($0.name) (\($0.tone.rawValue))" }.joined(separator: "\n")
        return """
            # \(ready.purpose)
            # Its letters, each in \(DefaultTemplate.languages.map(\.text).joined(separator: ", ")):
            \(letters)
            \(YAMLDocument.text(of: ready.document.value()))
            """
    }
}

struct InstallCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "install", abstract: "Makes a ready-made workflow and its templates the tenant's own.",
        discussion: "Nothing that is there under the same name is changed. No case follows it until it is assigned.")

    @OptionGroup var option: TenantOption
    @Argument(help: "The name in the catalogue, such as b2c.") var name: String

    func run(at desk: Desk) async throws {
        guard ReadyMadeWorkflow.named(name) != nil else { throw Complaint(ListCatalogue.unknown(name)) }
        let install = try InstallWorkflow(name)
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let result = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try install.run(in: &tx, context)
        }
        print(Self.text(result))
    }

    static func text(_ result: InstallWorkflow.Result) -> String {
        guard result.isNew else {
            return "\(result.workflow.id)  \(result.workflow.name) is there already; nothing was changed."
        }
        let templates =
            result.templatesMade.isEmpty ? "none; all were there" : result.templatesMade.joined(separator: ", ")
        return "\(result.workflow.id)  \(result.workflow.name)\ntemplates made: \(templates)"
    }
}
