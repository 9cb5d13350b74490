import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct ReassignCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "reassign", abstract: "Gives open cases the workflow that rules and pins name now.",
        discussion: "Without --confirm it only counts; the id it prints confirms just that, for a day.")

    @OptionGroup var option: TenantOption
    @Option(
        help: "How cases that it opens enter: review, first_stage, by_age_capped(k), ignore_older_than(days).",
        transform: EntryPolicy.init(argument:)) var entryPolicy: EntryPolicy?
    @Option(help: "The dry run whose counts were seen, rea_….") var confirm: String?
    @Option(help: "Only cases that follow this workflow: its name, or wfl_….") var from: String?

    func run(at desk: Desk) async throws {
        let tenant = try await desk.tenant(option.tenant)
        let context = try await desk.context(tenant.id)
        let dry = try confirm.map { text in
            guard let id = ID<Reassignment>(text) else { throw Complaint("\(text) is no id of a dry run, rea_…") }
            return id
        }
        var workflow: ID<Workflow>?
        if let from { workflow = try await desk.workflow(from, of: option).id }
        let start = StartReassignment(confirming: dry, from: workflow, entry: entryPolicy ?? .review)
        let begun = try await desk.database(.bulk).write(as: .tenant(tenant.id)) { tx in
            try start.run(in: &tx, context)
        }
        let done = try await untilDone(begun.id, of: tenant.id, at: desk)
        print(Self.text(done))
        if done.isDryRun { print("Nothing was changed. To go on: --confirm \(done.id)") }
    }

    private func untilDone(
        _ id: ID<Reassignment>, of tenant: ID<Tenant>, at desk: Desk
    ) async throws -> ReassignmentRecord {
        let bulk = desk.database(.bulk)
        var seen = (customers: -1, at: ContinuousClock.now)
        while true {
            guard let record = try await bulk.read(as: .tenant(tenant), { tx in try tx.reassignment(id) }) else {
                throw Complaint("there is no run \(id)")
            }
            if record.state == .done { return record }
            if record.counts.customers != seen.customers {
                seen = (record.counts.customers, .now)
            } else if ContinuousClock.now - seen.at > .seconds(5) {
                guard try await desk.isWorkerAlive() else {
                    throw Complaint("no worker is alive; \(id) goes on when one is (`recoup-worker`)")
                }
                seen.at = .now
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    static func text(_ run: ReassignmentRecord) -> String {
        let verb = run.isDryRun ? "would" : "did"
        return Terminal.table([
            ["customers looked at", "\(run.counts.customers)"], ["cases kept", "\(run.counts.kept)"],
            ["\(verb) move to another workflow", "\(run.counts.moved)"],
            ["\(verb) open", "\(run.counts.opened), \(run.entry.text)"],
            ["\(verb) end as excluded", "\(run.counts.excluded)"],
        ])
    }
}
