import ArgumentParser
import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store

struct SimulateCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Shows what would be sent to a tenant's real customers in the next days; nothing is sent or changed.",
        discussion: """
            It calls the planner and the gate that the workers call, on the customers as they are now. Money comes as \
            supposed: from nobody, as each customer usually paid, or from a share of them.
            """)

    @OptionGroup var option: TenantOption
    @Option(help: "How many days it looks ahead, 1 to 366.") var days = StartSimulation.usualDays
    @Option(
        help: "nobody, as_usual, or share(60, 20): 60 of a hundred pay 20 days after the due date.",
        transform: PaymentAssumption.init(argument:)) var payments: PaymentAssumption = .nobody
    @Option(
        help: "How new cases enter: review, first_stage, by_age_capped(k) or ignore_older_than(days).",
        transform: EntryPolicy.init(argument:)) var entryPolicy: EntryPolicy?
    @Option(help: "A version to try, as YAML in a file or - for standard input; its name says of which workflow.")
    var document: String?
    @Flag(help: "Open cases go over to the version that is tried.") var moveCases = false
    @Option(help: "Where to write every message, skip and task, as CSV.") var events: String?
    @Flag(help: "Print JSON.") var json = false

    func run(at desk: Desk) async throws {
        let context = try await desk.context(try await desk.tenant(option.tenant).id)
        let tried = try document.map {
            StartSimulation.Tried.document(try WorkflowDocument(try WorkflowCommand.document(at: $0)))
        }
        let start = try StartSimulation(
            of: tried, movesCases: moveCases, days: days, payments: payments, entry: entryPolicy, isQueued: false,
            at: context.now)
        let asked = try await desk.database(.bulk).write(as: .tenant(context.tenant)) { tx in
            try start.run(in: &tx, context)
        }
        let play = SimulationPlay(desk: desk, context: context)
        let record = try await play.played(asked.id)
        if let events { try await play.write(record.id, to: events) }
        print(json ? record.sums.text : try SimulationWords.text(record))
        if record.state == .failed { throw ExitCode.failure }
    }
}

extension PaymentAssumption {
    init(argument: String) throws {
        guard let assumption = PaymentAssumption(argument) else { throw ValidationError(Self.forms) }
        self = assumption
    }
}
