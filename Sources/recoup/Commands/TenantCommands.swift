import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct TenantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "Makes and shows tenants.",
        subcommands: [TenantCreate.self, TenantList.self, TenantShow.self])
}

struct TenantCreate: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes a tenant in shadow, with the standard workflow and its templates; prints its id.")

    @Argument(help: "The company's name.") var name: String

    func run(at desk: Desk) async throws {
        let operation = try CreateTenant(name: name)
        let context = Context(tenant: .make(at: try await desk.now()), actor: "cli", now: try await desk.now())
        let tenant = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try operation.run(in: &tx, context)
        }
        print(tenant.id)
    }
}

struct TenantList: DatabaseCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists all tenants, newest first.")

    func run(at desk: Desk) async throws {
        let tenants = try await desk.everyTenant()
        guard !tenants.isEmpty else { return print("no tenants yet") }
        print(Terminal.table(tenants.map { [$0.id.description, $0.mode.rawValue, $0.createdAt.description, $0.name] }))
    }
}

struct TenantShow: DatabaseCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one tenant.")

    @Argument(help: "Id or name; not needed where there is one tenant.") var tenant: String?

    func run(at desk: Desk) async throws {
        let tenant = try await desk.tenant(tenant)
        print(
            Terminal.table([
                ["id", tenant.id.description], ["name", tenant.name], ["mode", tenant.mode.rawValue],
                ["kill switch", tenant.killSwitch ? "on" : "off"],
                ["workflow", tenant.workflow?.description ?? "none"],
                ["created", tenant.createdAt.description],
                ["activated", tenant.activatedAt?.description ?? "not yet"],
            ]))
    }
}

/// `--tenant`, as most commands have it.
struct TenantOption: ParsableArguments {
    @Option(help: "Id or name of the tenant; not needed where there is one.") var tenant: String?
}
