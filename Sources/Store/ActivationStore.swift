package import Dunning
package import Postgres

/// Which due dates count at one brand, today.
package struct DueRange: Sendable, Hashable {
    package let brand: ID<Brand>
    /// The brand's today.
    package let today: Day
    package let first: Day
    /// The last day that is overdue today.
    package let last: Day

    package init(brand: ID<Brand>, today: Day, first: Day, last: Day) {
        self.brand = brand
        self.today = today
        self.first = first
        self.last = last
    }
}

/// Overdue debt of the cases of one brand, currency and workflow whose anchors are due on the same day.
package struct OverdueGroup: Sendable, Hashable {
    package let brand: ID<Brand>
    package let currency: Currency
    package let version: ID<WorkflowVersion>
    package let anchorDue: Day
    /// The stage at which the cases' previous cycle ended.
    package let priorStage: Int
    package let cases: Int
    package let invoices: Int
    package let amount: Money

    package init(
        brand: ID<Brand>, currency: Currency, version: ID<WorkflowVersion>, anchorDue: Day, priorStage: Int, cases: Int,
        invoices: Int, amount: Money
    ) {
        self.brand = brand
        self.currency = currency
        self.version = version
        self.anchorDue = anchorDue
        self.priorStage = priorStage
        self.cases = cases
        self.invoices = invoices
        self.amount = amount
    }
}

extension Transaction {
    package mutating func overdueDebt(
        of statuses: [CaseState.Status], within ranges: [DueRange], at now: Instant
    ) throws(PostgresError) -> [OverdueGroup] {
        try rows(
            "activation_debt", tenantID, statuses, ranges.map(\.brand), ranges.map(\.last), ranges.map(\.first), now
        ).map { row throws(PostgresError) in
            let currency: Currency = try row("currency")
            return OverdueGroup(
                brand: try row("brand_id"), currency: currency, version: try row("workflow_version_id"),
                anchorDue: try row("anchor_due"), priorStage: try row("prior_stage"), cases: try row("cases"),
                invoices: try row("invoices"), amount: Money(minor: try row("amount"), currency: currency))
        }
    }

    package mutating func overdueCustomers(
        of statuses: [CaseState.Status], within ranges: [DueRange], at now: Instant
    ) throws(PostgresError) -> Int {
        try row(
            "activation_customers", tenantID, statuses, ranges.map(\.brand), ranges.map(\.last), ranges.map(\.first),
            now
        )("customers")
    }

    package mutating func publishedWorkflows(
        _ versions: [ID<WorkflowVersion>]
    ) throws(PostgresError) -> [ID<WorkflowVersion>: PublishedWorkflow] {
        try workflows(versions).mapValues(\.version)
    }

    /// Open invoices due before the first day of the ranges, and not held yet.
    package mutating func olderInvoices(
        of statuses: [CaseState.Status], than ranges: [DueRange], at now: Instant
    ) throws(PostgresError) -> [(customer: ID<Customer>, invoice: ID<Invoice>)] {
        try rows("activation_old_invoices", tenantID, statuses, ranges.map(\.brand), ranges.map(\.first), now)
            .map { row throws(PostgresError) in (try row("customer_id"), try row("invoice_id")) }
    }

    package mutating func customersWithCases(
        in statuses: [CaseState.Status]
    ) throws(PostgresError) -> [ID<Customer>] {
        try rows("activation_cases", tenantID, statuses).map { row throws(PostgresError) in try row("customer_id") }
    }

    /// Messages of this tenant may leave from now on.
    package mutating func goLive(at now: Instant) throws(PostgresError) {
        try must("activation_go_live", tenantID, now)
    }

    /// Marks locked cases to be planned anew by this policy.
    package mutating func enterCases(
        of customers: [ID<Customer>], in statuses: [CaseState.Status], by policy: EntryPolicy
    ) throws(PostgresError) {
        guard !customers.isEmpty else { return }
        try run("activation_enter", tenantID, statuses, customers, policy)
    }
}
