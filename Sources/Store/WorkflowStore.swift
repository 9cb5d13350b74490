package import Dunning
package import Postgres

/// A workflow with its current version and that version's steps.
package struct WorkflowRecord: Sendable, Equatable {
    package let id: ID<Workflow>
    package let name: String
    /// Nothing of this workflow's cases is sent while it is on.
    package let killSwitch: Bool
    package let createdAt: Instant
    package let version: ID<WorkflowVersion>
    /// Counted from 1.
    package let number: Int
    package let escalationGapDays: Int
    package let limits: WorkflowLimits
    package let publishedAt: Instant
    package let steps: [Step]
    /// Since when no case is opened under it.
    package let archivedAt: Instant?
    /// It is archived, and cases under it are still open.
    package let isDraining: Bool

    /// What becomes of cases that would follow it.
    package enum State: String, Sendable, CaseIterable {
        case active
        /// None is opened any more; those that are open go on to their end.
        case draining
        /// None is open any more.
        case archived
    }

    package var state: State { archivedAt == nil ? .active : isDraining ? .draining : .archived }

    init(_ row: Row, steps: [Step]) throws(PostgresError) {
        id = try row("workflow_id")
        name = try row("name")
        killSwitch = try row("kill_switch")
        createdAt = try row("created_at")
        version = try row("workflow_version_id")
        number = try row("number")
        escalationGapDays = try row("escalation_gap_days")
        limits = try WorkflowLimits(try row.optional("limits"))
        publishedAt = try row("published_at")
        archivedAt = try row.optional("archived_at")
        isDraining = try row("is_draining")
        self.steps = steps
    }
}

extension Transaction {
    package mutating func insertWorkflow(
        _ id: ID<Workflow>, named name: String, at instant: Instant
    ) throws(PostgresError) {
        try must("workflow_insert", tenantID, id, name, instant)
    }

    /// Stores a version with its steps and makes it the current one.
    package mutating func publish(
        _ steps: [Step], gapDays: Int, limits: WorkflowLimits, as version: ID<WorkflowVersion>, number: Int,
        of workflow: ID<Workflow>, at instant: Instant
    ) throws(PostgresError) {
        let listens = PublishedWorkflow(
            id: version, workflow: workflow, escalationGapDays: gapDays, steps: steps, limits: limits
        ).listens
        try must(
            "workflow_version_insert", tenantID, version, workflow, number, gapDays, instant,
            JSONText(storing: limits.document), listens)
        for (index, step) in steps.enumerated() {
            try must(
                "workflow_step_insert", tenantID, version, step.key, index + 1, step.kind, step.timing.name,
                step.timing.days, step.template, step.tier, step.awaitsOutcome, step.deadlineBusinessDays,
                step.script, step.fallback?.name, step.options)
        }
        try must("workflow_publish", tenantID, workflow, version)
    }

    package mutating func setKillSwitch(of workflow: ID<Workflow>, to isOn: Bool) throws(PostgresError) {
        try must("workflow_set_kill_switch", tenantID, workflow, isOn)
    }

    /// Nil: in use again.
    package mutating func setArchived(_ workflow: ID<Workflow>, at instant: Instant?) throws(PostgresError) {
        try must("workflow_set_archived", tenantID, workflow, instant)
    }

    /// Which no new case follows, and since when.
    package mutating func archivedWorkflows() throws(PostgresError) -> [ID<Workflow>: Instant] {
        var found: [ID<Workflow>: Instant] = [:]
        for row in try rows("workflow_archived", tenantID) { found[try row("workflow_id")] = try row("archived_at") }
        return found
    }

    /// What names a workflow for many customers: the tenant, brands, rules.
    package mutating func places(naming workflow: ID<Workflow>) throws(PostgresError) -> [String] {
        try rows("workflow_places", tenantID, workflow).map { row throws(PostgresError) in try row("place") }
    }

    package mutating func workflow(_ id: ID<Workflow>) throws(PostgresError) -> WorkflowRecord? {
        guard let row = try first("workflow_by_id", tenantID, id) else { return nil }
        return try withSteps([row]).first
    }

    package mutating func workflow(named name: String) throws(PostgresError) -> WorkflowRecord? {
        guard let row = try first("workflow_named", tenantID, name) else { return nil }
        return try withSteps([row]).first
    }

    /// The names by which documents speak of templates.
    package mutating func templateNames() throws(PostgresError) -> [ID<Template>: String] {
        var names: [ID<Template>: String] = [:]
        for row in try rows("workflow_templates", tenantID) { names[try row("template_id")] = try row("name") }
        return names
    }

    package mutating func workflows(_ page: Page<Workflow>) throws(PostgresError) -> [WorkflowRecord] {
        try withSteps(try rows("workflow_page", tenantID, page.before, page.count))
    }

    /// The workflow, and nobody else publishes a version of it until this transaction ends.
    package mutating func lockedWorkflow(_ id: ID<Workflow>) throws(PostgresError) -> WorkflowRecord? {
        guard try first("workflow_lock", tenantID, id) != nil else { return nil }
        return try workflow(id)
    }

    private mutating func withSteps(_ workflows: [Row]) throws(PostgresError) -> [WorkflowRecord] {
        let versions = try workflows.map { row throws(PostgresError) -> ID<WorkflowVersion> in
            try row("workflow_version_id")
        }
        var steps: [ID<WorkflowVersion>: [Step]] = [:]
        for row in try rows("workflow_steps", tenantID, versions) {
            let version: ID<WorkflowVersion> = try row("workflow_version_id")
            steps[version, default: []].append(try Step(row))
        }
        var records: [WorkflowRecord] = []
        for (row, version) in zip(workflows, versions) {
            records.append(try WorkflowRecord(row, steps: steps[version] ?? []))
        }
        return records
    }
}
