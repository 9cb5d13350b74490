package import Dunning
package import Postgres
import Store

/// Ends the shadow of a tenant, once a person has confirmed how many customers, which sums, and how they enter; on a
/// live tenant, confirms the cases that wait for review (architecture 5.1).
package struct Activate: Sendable {
    package enum Outcome: Sendable, Equatable {
        /// Nothing was changed; confirm with the token of the preview.
        case preview(ActivationPreview)
        /// The numbers are not those that were confirmed; nothing was changed.
        case changed(ActivationPreview)
        case activated(ActivationPreview)
    }

    let policy: EntryPolicy?
    let confirmation: String?

    /// - Parameters:
    ///   - policy: the standard one when not given; on a live tenant `first_stage`.
    ///   - confirmation: of a preview; without one nothing is changed.
    package init(policy: EntryPolicy? = nil, confirmation: String? = nil) {
        self.policy = policy
        self.confirmation = confirmation
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> Outcome {
        guard let tenant = try tx.lockedTenant() else { throw Rejection.notFound("tenant") }
        guard tenant.mode != .suspended else {
            throw Rejection.forbiddenByState(
                code: "tenant_suspended", detail: "the tenant is suspended by the platform")
        }
        let statuses: [CaseState.Status] = tenant.mode == .shadow ? [.pending, .active, .exhausted] : [.pending]
        guard let confirmation else { return .preview(try preview(tenant, statuses, in: &tx, context)) }
        let customers = try tx.customersWithCases(in: statuses)
        try PlanCases.lock(customers: customers, in: &tx)
        // Counted again under the locks: what is confirmed is what happens.
        let preview = try preview(tenant, statuses, in: &tx, context)
        guard preview.confirmation == confirmation else { return .changed(preview) }
        if case .ignoreOlderThan(let days) = preview.policy {
            let old = try tx.olderInvoices(
                of: statuses, than: try ranges(ignoring: days, in: &tx, context), at: context.now)
            let holds = try tx.holdInvoices(old.map { ($0.customer, $0.invoice) }, at: context.now)
            try tx.emit(context, zip(holds, old).map { Emission.leftAlone($0, $1.customer) })
        }
        try tx.goLive(at: context.now)
        try tx.enterCases(of: customers, in: statuses, by: preview.policy)
        try tx.audit(
            context, action: tenant.mode == .shadow ? "tenant.activated" : "cases.confirmed",
            subject: context.tenant.uuid,
            detail: [
                "entry_policy": preview.policy.text, "customers": "\(preview.customers)",
                "invoices": "\(preview.invoices)",
                "amounts": preview.amounts.map { "\($0.decimal) \($0.currency.code)" }.joined(separator: ", "),
                "confirmation": confirmation,
            ])
        if tenant.mode == .shadow { try tx.emit(context, Emission(.tenantActivated, context.tenant)) }
        try PlanCases.queueDrain(in: &tx, context)
        return .activated(preview)
    }

    private func preview(
        _ tenant: TenantRecord, _ statuses: [CaseState.Status], in tx: inout Transaction, _ context: Context
    ) throws -> ActivationPreview {
        let policy = try policy ?? standard(tenant, statuses, in: &tx, context)
        var days = Int.max
        if case .ignoreOlderThan(let limit) = policy { days = limit }
        let ranges = try ranges(ignoring: days, in: &tx, context)
        let asked = try tx.overdueDebt(of: statuses, within: ranges, at: context.now)
        let older = ranges.map {
            DueRange(brand: $0.brand, today: $0.today, first: .earliest, last: min($0.first.adding(-1), $0.last))
        }
        let ignored = days == .max ? [] : try tx.overdueDebt(of: statuses, within: older, at: context.now)
        return ActivationPreview(
            tenant: context.tenant, mode: tenant.mode, policy: policy,
            customers: try tx.overdueCustomers(of: statuses, within: ranges, at: context.now), asked: asked,
            ignored: ignored, days: Dictionary(uniqueKeysWithValues: ranges.map { ($0.brand, $0.today) }),
            workflows: try tx.publishedWorkflows(Array(Set(asked.map(\.version)))))
    }

    private func standard(
        _ tenant: TenantRecord, _ statuses: [CaseState.Status], in tx: inout Transaction, _ context: Context
    ) throws -> EntryPolicy {
        guard tenant.mode == .shadow else { return .firstStage }
        let ranges = try ranges(ignoring: .max, in: &tx, context)
        let days = Dictionary(uniqueKeysWithValues: ranges.map { ($0.brand, $0.today) })
        let ages = try tx.overdueDebt(of: statuses, within: ranges, at: context.now)
            .compactMap { group in days[group.brand].map { group.anchorDue.distance(to: $0) } }
        return .standard(
            customers: try tx.overdueCustomers(of: statuses, within: ranges, at: context.now),
            oldestDaysOverdue: ages.max() ?? 0)
    }

    /// What is overdue today at each brand, and not older than `days`.
    private func ranges(
        ignoring days: Int, in tx: inout Transaction, _ context: Context
    ) throws -> [DueRange] {
        try tx.brandDays().sorted { $0.key < $1.key }.map { brand, day in
            let today = day.zone.day(of: context.now)
            return DueRange(
                brand: brand, today: today, first: days == .max ? .earliest : today.adding(-days),
                last: day.overdueBefore(context.now).adding(-1))
        }
    }
}

extension Day {
    /// No invoice is older; every year has a first of January.
    fileprivate static let earliest = Day(year: 1, month: 1, day: 1)!
}
