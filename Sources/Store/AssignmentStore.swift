package import Dunning
import Foundation
package import Postgres

/// A rule by which cases get their workflow, as shown.
package struct AssignmentRuleRecord: Sendable, Equatable {
    package let rule: AssignmentRule
    package let createdAt: Instant
    package let updatedAt: Instant

    package var id: ID<Rule> { rule.id }

    init(_ row: Row) throws(PostgresError) {
        let json: JSONText = try row("condition")
        let workflow: ID<Workflow>? = try row.optional("workflow_id")
        rule = AssignmentRule(
            id: try row("assignment_rule_id"), name: try row("name"), priority: try row("priority"),
            brand: try row.optional("brand_id"), condition: try json.condition(),
            outcome: workflow.map(AssignmentRule.Outcome.workflow) ?? .exclude)
        createdAt = try row("created_at")
        updatedAt = try row("updated_at")
    }
}

/// The workflow that an open case follows, and why.
package struct AssignedWorkflow: Sendable {
    package let workflow: String
    package let version: Int
    /// Empty for a case from before reasons were kept.
    package let trace: [Resolve.Candidate]
}

/// A case that goes on under another workflow.
package struct MovedCase: Sendable {
    package let old: ID<Enrolment>
    package let version: ID<WorkflowVersion>
    package let standing: Reassign.Standing
    package let assignment: Resolve.Assignment

    package init(
        old: ID<Enrolment>, version: ID<WorkflowVersion>, standing: Reassign.Standing, assignment: Resolve.Assignment
    ) {
        self.old = old
        self.version = version
        self.standing = standing
        self.assignment = assignment
    }
}

extension Resolve.Pins {
    init(_ row: Row) throws(PostgresError) {
        self.init(
            invoice: try row.optional("invoice_workflow"), customer: try row.optional("customer_workflow"),
            brand: try row.optional("brand_workflow"), tenant: try row.optional("tenant_workflow"),
            exclusion: try row.optional("exclusion"))
    }
}

extension Resolve.Assignment {
    /// As stored with the case.
    var json: String {
        // A list of texts and flags always encodes.
        (try? JSONEncoder().encode(trace)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}

extension Transaction {
    /// False when the name is taken.
    package mutating func insert(_ rule: AssignmentRule, at now: Instant) throws(PostgresError) -> Bool {
        try run(
            "assignment_rule_add", tenantID, rule.id, rule.name, rule.priority, rule.brand,
            JSONText(rule.condition.document), rule.workflow, now) > 0
    }

    package mutating func update(_ rule: AssignmentRule, at now: Instant) throws(PostgresError) {
        try must(
            "assignment_rule_change", tenantID, rule.id, rule.name, rule.priority, rule.brand,
            JSONText(rule.condition.document), rule.workflow, now)
    }

    /// Whether there was one.
    package mutating func deleteRule(_ id: ID<Rule>) throws(PostgresError) -> Bool {
        try run("assignment_rule_delete", tenantID, id) > 0
    }

    package mutating func assignmentRule(_ id: ID<Rule>) throws(PostgresError) -> AssignmentRuleRecord? {
        try first("assignment_rule_by_id", tenantID, id)
            .map { row throws(PostgresError) in try AssignmentRuleRecord(row) }
    }

    package mutating func lockedRule(_ id: ID<Rule>) throws(PostgresError) -> AssignmentRuleRecord? {
        guard try first("assignment_rule_lock", tenantID, id) != nil else { return nil }
        return try assignmentRule(id)
    }

    package mutating func assignmentRules(_ page: Page<Rule>) throws(PostgresError) -> [AssignmentRuleRecord] {
        try rows("assignment_rule_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try AssignmentRuleRecord(row) }
    }

    /// All of the tenant's, in the order in which they are asked.
    package mutating func assignmentRules() throws(PostgresError) -> [AssignmentRule] {
        try rows("assignment_rule_all", tenantID)
            .map { row throws(PostgresError) in try AssignmentRuleRecord(row).rule }
    }

    /// What names a workflow for open cases, apart from rules.
    package mutating func pins(
        of cases: [ID<Enrolment>]
    ) throws(PostgresError) -> [ID<Enrolment>: Resolve.Pins] {
        var found: [ID<Enrolment>: Resolve.Pins] = [:]
        for row in try rows("assignment_pins", tenantID, cases) {
            found[try row("enrolment_id")] = try Resolve.Pins(row)
        }
        return found
    }

    package mutating func assignedWorkflows(
        of customer: ID<Customer>
    ) throws(PostgresError) -> [ID<Enrolment>: AssignedWorkflow] {
        var found: [ID<Enrolment>: AssignedWorkflow] = [:]
        for row in try rows("assignment_of", tenantID, customer) {
            let json: JSONText? = try row.optional("assignment")
            found[try row("enrolment_id")] = AssignedWorkflow(
                workflow: try row("workflow"), version: try row("version"),
                trace: json.flatMap {
                    try? JSONDecoder().decode([Resolve.Candidate].self, from: Data($0.text.utf8))
                } ?? [])
        }
        return found
    }

    /// Opens what was closed before under another workflow, with what it keeps; the new cases by the old.
    package mutating func reopen(
        _ cases: [MovedCase], at now: Instant
    ) throws(PostgresError) -> [ID<Enrolment>: (new: ID<Enrolment>, cycle: Int)] {
        guard !cases.isEmpty else { return [:] }
        let ids = cases.map { _ in ID<Enrolment>.make(at: now) }
        let old = Dictionary(uniqueKeysWithValues: zip(ids, cases.map(\.old)))
        var opened: [ID<Enrolment>: (new: ID<Enrolment>, cycle: Int)] = [:]
        for row in try rows(
            "assignment_reopen", tenantID, cases.map(\.old), ids, cases.map(\.version), cases.map(\.standing.stage),
            cases.map { $0.standing.position ?? "" }, cases.map(\.assignment.json), now)
        {
            let new: ID<Enrolment> = try row("enrolment_id")
            if let before = old[new] { opened[before] = (new, try row("cycle")) }
        }
        return opened
    }

    /// The workflow of the case whose oldest open invoice this is; nil takes the pin away.
    package mutating func pin(_ invoice: ID<Invoice>, to workflow: ID<Workflow>?) throws(PostgresError) {
        try must("invoice_pin", tenantID, invoice, workflow)
    }
}

extension AssignmentRule {
    package var workflow: ID<Workflow>? {
        if case .workflow(let id) = outcome { id } else { nil }
    }
}
