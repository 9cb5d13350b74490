import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let workflows: [Route] = [
        .tenant(.post, "/v1/workflows") { call in
            let publish = try await call.body { fields in
                let name = fields.line("name", upTo: 200)
                return try fields.version(.new(name: name))
            }
            return .created(WorkflowResponse(try await call.write { try publish.run(in: &$0, $1) }))
        },
        .tenant(.get, "/v1/workflows", query: ["limit", "cursor"]) { call in
            let page: Page<Workflow> = try call.query.page()
            return .page(page, try await call.read { try $0.workflows(page) }, id: \.id, WorkflowResponse.init)
        },
        .tenant(.get, "/v1/workflows/{id}") { call in
            let id = try call.id(Workflow.self, "workflow")
            return .ok(WorkflowResponse(try await call.find("workflow") { try $0.workflow(id) }))
        },
        .tenant(.post, "/v1/workflows/{id}/versions") { call in
            let id = try call.id(Workflow.self, "workflow")
            let publish = try await call.body { fields in
                let moves = fields.bool(optional: "move_cases") ?? false
                let confirmation: ID<SimulationRun>? = fields.id(optional: "confirm")
                return PublishVersion(
                    try fields.proposal(), of: id, movesCases: moves, confirmation: confirmation)
            }
            return .created(WorkflowResponse(try await call.write { try publish.run(in: &$0, $1) }))
        },
        .tenant(.patch, "/v1/workflows/{id}") { call in
            let id = try call.id(Workflow.self, "workflow")
            let change = try await call.body { fields in
                SwitchWorkflow(id, killSwitch: fields.change("kill_switch") { $0.bool($1) })
            }
            return .ok(WorkflowResponse(try await call.write { try change.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/workflows/{id}/archive") { call in
            let archive = ArchiveWorkflow(try call.id(Workflow.self, "workflow"))
            return .ok(WorkflowResponse(try await call.write { try archive.run(in: &$0, $1) }))
        },
        .tenant(.post, "/v1/workflows/{id}/restore") { call in
            let restore = RestoreWorkflow(try call.id(Workflow.self, "workflow"))
            return .ok(WorkflowResponse(try await call.write { try restore.run(in: &$0, $1) }))
        },
    ]
}

extension Fields {
    fileprivate mutating func version(_ target: PublishWorkflow.Target) throws(Rejection) -> PublishWorkflow {
        let proposal = try proposal()
        return try PublishWorkflow(
            target, steps: proposal.steps, gapDays: proposal.gapDays, limits: proposal.limits)
    }

    /// A version by itself, of whichever workflow.
    mutating func proposal() throws(Rejection) -> WorkflowProposal {
        let gap = int(optional: "escalation_gap_days", in: 0...365) ?? WorkflowDocument.standardGap
        let (steps, limits) = (steps(), limits())
        return WorkflowProposal(steps: try WorkflowSteps(steps), gapDays: gap, limits: limits)
    }

    private mutating func steps() -> [Step] {
        let list = document("steps")
        guard list != .null else { return [] }
        var fields = DocumentFields(["steps": list])
        let written = Step.list(&fields)
        for (index, step) in written.enumerated() where step.template != nil {
            fields.refuse([
                FieldProblem(
                    pointer: "/steps/\(index)/template", code: "unknown_key",
                    detail: "name it by template_id; names are for /v1/workflows/{id}/document")
            ])
        }
        refuse(fields.finished())
        return written.map(\.step)
    }

    private mutating func limits() -> WorkflowLimits {
        guard let value = document(optional: "limits") else {
            return WorkflowLimits(maxContacts: WorkflowLimits.standardContacts)
        }
        var fields = DocumentFields(["limits": value])
        _ = fields.given("limits")
        let limits = WorkflowLimits.read(value, at: "/limits", &fields)
        refuse(fields.finished())
        return limits
    }
}

struct WorkflowResponse: Encodable, Sendable {
    let id: ID<Workflow>
    let name: String
    let killSwitch: Bool
    let state: String
    @OrNull var archivedAt: Instant?
    let versionId: ID<WorkflowVersion>
    let version: Int
    let escalationGapDays: Int
    let limits: DocumentResponse
    let steps: [StepResponse]
    let createdAt: Instant
    let publishedAt: Instant

    init(_ record: WorkflowRecord) {
        id = record.id
        name = record.name
        killSwitch = record.killSwitch
        state = record.state.rawValue
        archivedAt = record.archivedAt
        versionId = record.version
        version = record.number
        escalationGapDays = record.escalationGapDays
        limits = DocumentResponse(record.limits.document)
        steps = record.steps.map(StepResponse.init)
        createdAt = record.createdAt
        publishedAt = record.publishedAt
    }
}

struct StepResponse: Encodable, Sendable {
    let key: String
    let kind: String
    let timing: String
    let days: Int
    @OrNull var templateId: ID<Template>?
    let tier: String
    let waitForOutcome: Bool
    let deadlineBusinessDays: Int
    @OrNull var script: String?
    @OrNull var fallback: String?
    /// The whole step as it may be published again.
    let definition: DocumentResponse

    init(_ step: Step) {
        key = step.key
        kind = step.kind.rawValue
        timing = step.timing.name
        days = step.timing.days
        templateId = step.template
        tier = step.tier.rawValue
        waitForOutcome = step.waitsForOutcome
        deadlineBusinessDays = step.deadlineBusinessDays
        script = step.script
        fallback = step.fallback?.name
        definition = DocumentResponse(step.document())
    }
}
