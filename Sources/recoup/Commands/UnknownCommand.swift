import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct UnknownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unknown", abstract: "Messages whose outcome nobody knows: lists them, and takes a decision.",
        subcommands: [UnknownList.self, UnknownDecide.self], defaultSubcommand: UnknownList.self)
}

struct UnknownList: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Messages that may have arrived or not, tenant by tenant, the newest first.")

    @Option(help: "Only this tenant: id or name.") var tenant: String?

    func run(at desk: Desk) async throws {
        var only: ID<Tenant>?
        if let tenant { only = try await desk.tenant(tenant).id }
        let counts = try await desk.database(.dispatch).read(as: .none) { [only] tx in try tx.unknownCounts(of: only) }
        guard !counts.isEmpty else { return print("every outcome is known") }
        var rows: [[String]] = []
        for count in counts {
            let messages = try await desk.database(.api).read(as: .tenant(count.tenant)) { tx in
                try tx.messages(state: .unknown, count: 1_000)
            }
            rows += messages.map { message in
                [
                    count.tenant.description, message.id.description, message.customer.description,
                    message.tier.rawValue, "armed \(message.armedAt)", message.reply ?? "",
                ]
            }
        }
        print(Terminal.table(rows))
    }
}

struct UnknownDecide: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide", abstract: "Says what became of a message. Either way it is never sent again.")

    @OptionGroup var option: TenantOption
    @Argument(help: "The message, msg_….") var message: String
    @Argument(help: "accepted: it arrived. not_sent: it never did, and the contact does not count.") var decision:
        String
    @Option(help: "How that is known.") var note: String?

    func run(at desk: Desk) async throws {
        guard let id = ID<Message>(message) else { throw Complaint("\(message) is no id of a message") }
        guard let decision = DecideUnknown.Decision(rawValue: decision) else {
            throw Complaint("the decision is accepted or not_sent, not \(decision)")
        }
        let decide = try DecideUnknown(id, decision, note: note)
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in try decide.run(in: &tx, context) }
        print("\(id) is \(decision == .accepted ? "accepted" : "not sent")")
    }
}
