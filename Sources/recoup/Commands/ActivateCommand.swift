import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct ActivateCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Takes a tenant live, after a simulation has shown what would be written to whom.",
        discussion: "Again on a live tenant, it confirms the cases that wait for review.")

    @OptionGroup var option: TenantOption
    @Option(
        help: "How cases enter: review, first_stage, by_age_capped(k) or ignore_older_than(days).",
        transform: EntryPolicy.init(argument:)) var entryPolicy: EntryPolicy?
    @Option(help: "The simulation that was shown and is confirmed, sim_….") var confirm: String?
    @Flag(help: "Confirm whatever the simulation shows.") var yes = false

    func run(at desk: Desk) async throws {
        let tenant = try await desk.tenant(option.tenant)
        let context = try await desk.context(tenant.id)
        if let confirm {
            guard let id = ID<SimulationRun>(confirm) else {
                throw Complaint("\(confirm) is no simulation (sim_…, as `recoup activate` shows it)")
            }
            return try await finish(id, at: desk, context)
        }
        let propose = ProposeActivation(policy: entryPolicy, isQueued: false)
        let proposal = try await desk.database(.bulk).write(as: .tenant(context.tenant)) { tx in
            try propose.run(in: &tx, context)
        }
        let simulation = try await SimulationPlay(desk: desk, context: context).played(proposal.simulation.id)
        print(Self.text(proposal.preview, tenant: tenant.name))
        print("")
        print(try SimulationWords.text(simulation))
        if yes { return try await finish(simulation.id, at: desk, context) }
        guard Terminal.isInputTyped else {
            return print("Nothing was changed. To go on: --confirm \(simulation.id)")
        }
        guard Terminal.ask("Type \"activate\" to go on:") == "activate" else { return print("Nothing was changed.") }
        try await finish(simulation.id, at: desk, context)
    }

    private func finish(_ simulation: ID<SimulationRun>, at desk: Desk, _ context: Context) async throws {
        let confirm = ConfirmActivation(simulation)
        let outcome = try await desk.database(.bulk).write(as: .tenant(context.tenant)) { tx in
            try confirm.run(in: &tx, context)
        }
        switch outcome {
        case .activated(let preview):
            print(
                preview.policy == .review
                    ? "Activated: \(preview.review) cases wait until `recoup activate` confirms them."
                    : "Activated: \(preview.customers) customers enter by \(preview.policy.text).")
        case .changed:
            throw Complaint("the numbers have changed since they were simulated; look again with `recoup activate`")
        }
    }

    static func text(_ preview: ActivationPreview, tenant: String) -> String {
        func sums(_ amounts: [Money]) -> String {
            amounts.isEmpty ? "nothing" : amounts.map { $0.formatted() }.joined(separator: ", ")
        }
        var rows = [
            ["tenant", "\(tenant), \(preview.mode.rawValue)"], ["entry policy", preview.policy.text],
            ["customers", "\(preview.customers)"], ["overdue invoices", "\(preview.invoices)"],
            ["overdue", sums(preview.amounts)], ["oldest", "\(preview.oldestDaysOverdue) days overdue"],
        ]
        for stage in preview.stages { rows.append(["enter at stage \(stage.stage)", "\(stage.cases) cases"]) }
        if preview.review > 0 { rows.append(["wait for review", "\(preview.review) cases"]) }
        if preview.ignoredInvoices > 0 {
            rows.append(["left alone", "\(preview.ignoredInvoices) invoices, \(sums(preview.ignoredAmounts))"])
        }
        return Terminal.table(rows)
    }
}
