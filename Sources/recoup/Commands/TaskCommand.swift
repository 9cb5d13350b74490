import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct TaskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "task", abstract: "What people are asked to do: lists it, claims it, and says what came of it.",
        subcommands: [TaskList.self, TaskClaim.self, TaskDone.self], defaultSubcommand: TaskList.self)
}

struct TaskList: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Tasks of a tenant, the newest first; those that wait unless told otherwise.")

    @OptionGroup var option: TenantOption
    @Flag(help: "Also those that are done or cancelled.") var all = false
    @Flag(help: "Only those whose deadline has passed.") var late = false
    @Option(help: "Only of this kind: call, review, approve, address, unknown, reply, write_off, handover.") var kind:
        String?
    @Option(help: "Only what this person has claimed.") var by: String?

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let wanted = try kind.map { text in
            guard let kind = TaskKind(rawValue: text) else {
                throw Complaint("there is no kind of task called \(text)")
            }
            return kind
        }
        let filter = TaskFilter(kind: wanted, claimedBy: by, lateAt: late ? context.now : nil)
        let tasks = try await desk.database(.api).read(as: .tenant(context.tenant)) { tx in
            try tx.tasks(Page(count: 1_000), filter)
        }.filter { all || $0.closedAt == nil }
        guard !tasks.isEmpty else { return print("nothing is to be done") }
        print(
            Terminal.table(
                tasks.map { task in
                    [
                        task.id.description, task.kind.rawValue, task.state.rawValue, task.claimedBy ?? "",
                        task.deadline.map { "until \($0)" } ?? "", task.outcome ?? "", task.title,
                    ]
                }))
    }
}

struct TaskClaim: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Says who is at a task, so that nobody else does it too.")

    @OptionGroup var option: TenantOption
    @Argument(help: "The task, tsk_….") var task: String
    @Option(help: "Who is at it.") var by: String

    func run(at desk: Desk) async throws {
        guard let id = ID<CollectorTask>(task) else { throw Complaint("\(task) is no id of a task") }
        let claim = try ClaimTask(id, by: by)
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let claimed = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try claim.run(in: &tx, context)
        }
        print("\(claimed.title)\n\n\(claimed.script)\n")
        print("It ends in one of: \(claimed.kind.outcomes.map(\.rawValue).joined(separator: ", "))")
    }
}

struct TaskDone: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "done", abstract: "Says what came of a task; the case goes on as its workflow says.")

    @OptionGroup var option: TenantOption
    @Argument(help: "The task, tsk_….") var task: String
    @Argument(help: "What came of it, such as promised or no_answer; `recoup task claim` shows what there is.")
    var outcome: String
    @Option(help: "What was said.") var note: String?
    @Option(help: "With `promised`: the day on which the customer pays, such as 2026-12-04.") var promise: String?

    func run(at desk: Desk) async throws {
        guard let id = ID<CollectorTask>(task) else { throw Complaint("\(task) is no id of a task") }
        guard let outcome = TaskOutcome(rawValue: outcome) else {
            throw Complaint(
                "no task ends in \(outcome): it is one of "
                    + TaskOutcome.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let agreement = try promise.map { text in
            guard let day = Day(text) else { throw Complaint("\(text) is no day such as 2026-12-04") }
            return Agreement.promise(dueOn: day, amount: nil, invoices: nil)
        }
        let close = try CloseTask(id, .done(outcome), note: note, agreement: agreement)
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let closed = try await desk.database(.api).write(as: .tenant(context.tenant)) { tx in
            try close.run(in: &tx, context)
        }
        print("\(closed.id) is done: \(closed.outcome ?? "")")
    }
}
