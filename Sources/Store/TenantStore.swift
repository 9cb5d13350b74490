package import Dunning
package import Postgres

/// A tenant as its settings show it.
package struct TenantRecord: Sendable, Equatable {
    /// What the tenant's messages do.
    package enum Mode: String, Sendable, PostgresValue {
        /// Planned and shown, never sent.
        case shadow
        case live
        /// Closed by the platform.
        case suspended
    }

    package let id: ID<Tenant>
    package var name: String
    package let mode: Mode
    /// Nothing of this tenant is sent while it is on.
    package var killSwitch: Bool
    /// What new cases follow where neither customer nor brand has a workflow.
    package var workflow: ID<Workflow>?
    /// Decides the tenant's days in its numbers.
    package var zone: Zone
    /// What numbers of several currencies are converted into.
    package var baseCurrency: Currency?
    package var agingEdges: AgingEdges
    /// Its share of the workers where they are short; 100 is one share.
    package let weight: Int
    /// Messages are announced so long before they leave; 0: not at all.
    package var vetoHours: Int
    /// Customers written to for the first time on one day; nil: as many as there are.
    package var firstContactsPerDay: Int?
    /// Whether reminders of what had been paid are apologised for.
    package var sendsCorrections: Bool
    package let createdAt: Instant
    package let activatedAt: Instant?

    init(_ row: Row) throws(PostgresError) {
        id = try row("tenant_id")
        name = try row("name")
        mode = try row("mode")
        killSwitch = try row("kill_switch")
        workflow = try row.optional("workflow_id")
        zone = try row("zone")
        baseCurrency = try row.optional("base_currency")
        agingEdges = try row("aging_edges")
        weight = try row("weight")
        vetoHours = try row("veto_hours")
        firstContactsPerDay = try row.optional("first_contacts_per_day")
        sendsCorrections = try row("correction_notes")
        createdAt = try row("created_at")
        activatedAt = try row.optional("activated_at")
    }
}

extension Transaction {
    /// A source is known from its first use on.
    package mutating func know(source: String, at now: Instant) throws(PostgresError) {
        try run("tenant_source", tenantID, source, now)
    }

    package mutating func insertTenant(named name: String, at instant: Instant) throws(PostgresError) {
        try must("tenant_insert", tenantID, name, instant)
    }

    /// The tenant of this transaction; `nil` when there is none of that id.
    package mutating func tenantRecord() throws(PostgresError) -> TenantRecord? {
        try first("tenant_by_id", tenantID).map { row throws(PostgresError) in try TenantRecord(row) }
    }

    /// The same, and nobody else changes it until this transaction ends.
    package mutating func lockedTenant() throws(PostgresError) -> TenantRecord? {
        guard try first("tenant_lock", tenantID) != nil else { return nil }
        return try tenantRecord()
    }

    package mutating func update(_ tenant: TenantRecord) throws(PostgresError) {
        try must(
            "tenant_update", tenantID, tenant.name, tenant.killSwitch, tenant.workflow, tenant.zone,
            tenant.baseCurrency, tenant.agingEdges, tenant.vetoHours, tenant.firstContactsPerDay,
            tenant.sendsCorrections)
    }

    /// All tenants of the instance, newest first; only the dispatch role sees any, in a transaction without a tenant.
    package mutating func everyTenant(_ page: Page<Tenant>) throws(PostgresError) -> [TenantRecord] {
        try rows("every_tenant_page", page.before, page.count).map { row throws(PostgresError) in try TenantRecord(row)
        }
    }
}
