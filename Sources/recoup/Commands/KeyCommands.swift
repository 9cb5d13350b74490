import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Makes, lists and ends the API keys of a tenant.",
        subcommands: [KeyCreate.self, KeyList.self, KeyRevoke.self])
}

struct KeyCreate: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Makes a key and prints it: the only time it can be seen.")

    @OptionGroup var option: TenantOption
    @Argument(help: "What the key is for.") var name: String

    func run(at desk: Desk) async throws {
        let operation = try CreateKey(name: name)
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let token = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try operation.run(in: &tx, context).token
        }
        print(token.revealed)
    }
}

struct KeyList: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the keys of a tenant, newest first, without their secrets.")

    @OptionGroup var option: TenantOption

    func run(at desk: Desk) async throws {
        let tenant = try await desk.tenant(option.tenant)
        let keys = try await desk.database(.api).read(as: .tenant(tenant.id)) { tx in try tx.apiKeys(Page(count: 1_000))
        }
        guard !keys.isEmpty else { return print("no keys yet") }
        print(
            Terminal.table(
                keys.map { key in
                    let state = key.revokedAt.map { "revoked \($0)" } ?? "valid"
                    return [key.id.description, key.createdAt.description, state, key.name]
                }))
    }
}

struct KeyRevoke: DatabaseCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Ends a key at once.")

    @OptionGroup var option: TenantOption
    @Argument(help: "Id of the key, key_….") var key: String

    func run(at desk: Desk) async throws {
        guard let id = ID<APIKey>(key) else {
            throw Complaint("\(key) is no id of a key, such as `recoup key list` shows")
        }
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let record = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try RevokeKey(key: id).run(in: &tx, context)
        }
        print("\(record.id) is revoked")
    }
}
