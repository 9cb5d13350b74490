import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct ListWorkflows: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists workflows with their state and how many customers follow them.")

    @OptionGroup var option: TenantOption

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        var rows = [["name", "version", "state", "customers", "id"]]
        var last: ID<Workflow>?
        while true {
            let page = Page<Workflow>(before: last, count: 200)
            let found = try await desk.database(.api).read(as: .tenant(context.tenant)) { tx in
                try tx.workflows(page).map { record in (record, try tx.customersFollowing(record.id)) }
            }
            rows += found.map { record, customers in
                [record.name, "\(record.number)", record.state.rawValue, "\(customers)", "\(record.id)"]
            }
            last = found.last?.0.id
            if found.count < page.count { break }
        }
        print(Terminal.table(rows))
    }
}

struct ArchiveCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Takes a workflow out of use: no case is opened under it any more.",
        discussion: """
            Its cases go on to their end, or are moved to what is named for them now: `recoup reassign --from NAME`.
            """)

    @OptionGroup var option: TenantOption
    @Argument(help: "Its name, or wfl_….") var workflow: String

    func run(at desk: Desk) async throws {
        let (id, context) = try await desk.workflow(workflow, of: option)
        let (record, customers) = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            (try ArchiveWorkflow(id).run(in: &tx, context), try tx.customersFollowing(id))
        }
        print("\(record.name) is \(record.state.rawValue); \(customers) customers still have cases under it")
    }
}

struct RestoreCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Puts an archived workflow into use again.")

    @OptionGroup var option: TenantOption
    @Argument(help: "Its name, or wfl_….") var workflow: String

    func run(at desk: Desk) async throws {
        let (id, context) = try await desk.workflow(workflow, of: option)
        let record = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try RestoreWorkflow(id).run(in: &tx, context)
        }
        print("\(record.name) is \(record.state.rawValue)")
    }
}

extension Desk {
    /// The workflow that a person names by its name or its id.
    func workflow(_ text: String, of option: TenantOption) async throws -> (id: ID<Workflow>, context: Context) {
        let context = try await context(try await tenant(option.tenant).id)
        let name = WorkflowName(text)
        guard
            let found = try await database(.api).read(as: .tenant(context.tenant), { tx in try name.find(in: &tx)?.id })
        else { throw Complaint("there is no workflow \(text)") }
        return (found, context)
    }
}
