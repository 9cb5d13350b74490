import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let assignment: [Route] = [
        .tenant(.post, "/v1/assignment_rules") { call in
            let save = try await call.body { try $0.rule(nil) }
            return .created(AssignmentRuleResponse(try await call.write { try save.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/assignment_rules", query: ["limit", "cursor"]) { call in
            let page: Page<Rule> = try call.query.page()
            let records = try await call.read { try $0.assignmentRules(page) }
            return .page(page, records, id: \.id, AssignmentRuleResponse.init)
        },
        .tenant(.get, "/v1/assignment_rules/{id}") { call in
            let id = try call.id(Rule.self, "assignment rule")
            return .ok(
                AssignmentRuleResponse(try await call.find("assignment rule") { try $0.assignmentRule(id) }))
        },
        .tenant(.put, "/v1/assignment_rules/{id}") { call in
            let id = try call.id(Rule.self, "assignment rule")
            let save = try await call.body { try $0.rule(id) }
            return .ok(AssignmentRuleResponse(try await call.write { try save.run(in: &$0, $1) }))
        },
        .tenant(.delete, "/v1/assignment_rules/{id}") { call in
            let drop = DropRule(try call.id(Rule.self, "assignment rule"))
            return .ok(AssignmentRuleResponse(try await call.write { try drop.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/customers/{id}/reassign") { call in
            let reassign = ReassignCustomer(try call.id(Customer.self, "customer"))
            return .ok(ReassignedResponse(try await call.write { try reassign.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/reassignments") { call in
            let start = try await call.body { fields in
                StartReassignment(
                    confirming: fields.id(optional: "confirm"), from: fields.id(optional: "workflow_id"),
                    entry: fields.value(optional: "entry_policy", "bad_entry_policy", EntryPolicy.forms) {
                        EntryPolicy($0)
                    } ?? .review)
            }
            return .accepted(ReassignmentResponse(try await call.write { try start.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/reassignments", query: ["limit", "cursor"]) { call in
            let page: Page<Reassignment> = try call.query.page()
            let records = try await call.read { try $0.reassignments(page) }
            return .page(page, records, id: \.id, ReassignmentResponse.init)
        },
        .tenant(.get, "/v1/reassignments/{id}") { call in
            let id = try call.id(Reassignment.self, "reassignment")
            return .ok(ReassignmentResponse(try await call.find("reassignment") { try $0.reassignment(id) }))
        },
    ]
}

extension Fields {
    fileprivate mutating func rule(_ id: ID<Rule>?) throws(Rejection) -> SaveRule {
        let workflow: ID<Workflow>? = self.id(optional: "workflow_id")
        let excludes = bool(optional: "exclude") ?? false
        if (workflow == nil) != excludes {
            refuse("workflow_id", "one_of", "name a workflow by this, or say \"exclude\": true, not both")
        }
        return try SaveRule(
            id, name: line("name", upTo: 64), priority: int("priority", in: 0...1_000_000),
            brand: self.id(optional: "brand_id"), condition: condition("condition"),
            outcome: workflow.map(AssignmentRule.Outcome.workflow) ?? .exclude)
    }
}

struct AssignmentRuleResponse: Encodable, Sendable {
    let id: ID<Rule>
    let name: String
    let priority: Int
    @OrNull var brandId: ID<Brand>?
    let condition: DocumentResponse
    @OrNull var workflowId: ID<Workflow>?
    let exclude: Bool
    let createdAt: Instant
    let updatedAt: Instant

    init(_ record: AssignmentRuleRecord) {
        id = record.id
        name = record.rule.name
        priority = record.rule.priority
        brandId = record.rule.brand
        condition = DocumentResponse(record.rule.condition.document)
        workflowId = record.rule.workflow
        exclude = record.rule.outcome == .exclude
        createdAt = record.createdAt
        updatedAt = record.updatedAt
    }
}

struct ReassignedResponse: Encodable, Sendable {
    let kept: Int
    let moved: Int
    let opened: Int
    let excluded: Int

    init(_ counts: ReassignmentCounts) {
        kept = counts.kept
        moved = counts.moved
        opened = counts.opened
        excluded = counts.excluded
    }
}

struct ReassignmentResponse: Encodable, Sendable {
    let id: ID<Reassignment>
    let dryRun: Bool
    @OrNull var confirms: ID<Reassignment>?
    @OrNull var workflowId: ID<Workflow>?
    let entryPolicy: String
    let state: String
    let customers: Int
    let kept: Int
    let moved: Int
    let opened: Int
    let excluded: Int
    let createdAt: Instant
    @OrNull var finishedAt: Instant?

    init(_ record: ReassignmentRecord) {
        id = record.id
        dryRun = record.isDryRun
        confirms = record.confirms
        workflowId = record.from
        entryPolicy = record.entry.text
        state = record.state.rawValue
        customers = record.counts.customers
        kept = record.counts.kept
        moved = record.counts.moved
        opened = record.counts.opened
        excluded = record.counts.excluded
        createdAt = record.createdAt
        finishedAt = record.finishedAt
    }
}
