import ArgumentParser
import Dunning
import Host
import Operations
import Postgres
import Store

struct ActivateCommand: DatabaseCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Takes a tenant live, after showing what would be written to whom.",
        discussion: "Again on a live tenant, it confirms the cases that wait for review.")

    @OptionGroup var option: TenantOption
    @Option(
        help: "How cases enter: review, first_stage, by_age_capped(k) or ignore_older_than(days).",
        transform: EntryPolicy.init(argument:)) var entryPolicy: EntryPolicy?
    @Option(help: "The confirmation of an earlier preview, act_….") var confirm: String?
    @Flag(help: "Confirm whatever the preview shows.") var yes = false

    func run(at desk: Desk) async throws {
        let tenant = try await desk.tenant(option.tenant)
        let context = try await desk.context(tenant.id)
        if let confirm { return try await finish(confirm, at: desk, context) }
        guard case .preview(let preview) = try await activate(nil, at: desk, context) else {
            preconditionFailure("without a confirmation there is only a preview")
        }
        print(Self.text(preview, tenant: tenant.name))
        if yes { return try await finish(preview.confirmation, at: desk, context) }
        guard Terminal.isInputTyped else {
            return print("Nothing was changed. To go on: --confirm \(preview.confirmation)")
        }
        guard Terminal.ask("Type \"activate\" to go on:") == "activate" else { return print("Nothing was changed.") }
        try await finish(preview.confirmation, at: desk, context)
    }

    private func finish(_ confirmation: String, at desk: Desk, _ context: Context) async throws {
        switch try await activate(confirmation, at: desk, context) {
        case .activated(let preview):
            print(
                preview.policy == .review
                    ? "Activated: \(preview.review) cases wait until `recoup activate` confirms them."
                    : "Activated: \(preview.customers) customers enter by \(preview.policy.text).")
        case .changed, .preview:
            throw Complaint("the numbers have changed since they were shown; look at them again with `recoup activate`")
        }
    }

    private func activate(_ confirmation: String?, at desk: Desk, _ context: Context) async throws -> Activate.Outcome {
        let operation = Activate(policy: entryPolicy, confirmation: confirmation)
        return try await desk.database(.bulk).write(as: .tenant(context.tenant)) { tx in
            try operation.run(in: &tx, context)
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
        rows.append(["confirmation", preview.confirmation])
        return Terminal.table(rows)
    }
}
