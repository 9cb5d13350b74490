import Dunning
import Postgres

/// A workflow version with its switch.
struct WorkflowFacts {
    let version: PublishedWorkflow
    let isOff: Bool
}

extension Transaction {
    mutating func workflows(
        _ versions: [ID<WorkflowVersion>]
    ) throws(PostgresError) -> [ID<WorkflowVersion>: WorkflowFacts] {
        var steps: [ID<WorkflowVersion>: [Step]] = [:]
        for row in try rows("facts_steps", tenantID, versions) {
            guard let timing = Step.Timing(name: try row("timing"), days: try row("days")) else {
                throw .undecodable("step timing")
            }
            steps[try row("workflow_version_id"), default: []].append(
                Step(
                    key: try row("step_key"), kind: try row("kind"), timing: timing,
                    template: try row.optional("template_id"), tier: try row("tier"),
                    waitsForOutcome: try row("wait_for_outcome"),
                    deadlineBusinessDays: try row("deadline_business_days"), script: try row.optional("script"),
                    fallback: (try row.optional("fallback") as String?).flatMap(Step.Fallback.init(name:))))
        }
        var found: [ID<WorkflowVersion>: WorkflowFacts] = [:]
        for row in try rows("facts_workflows", tenantID, versions) {
            let id: ID<WorkflowVersion> = try row("workflow_version_id")
            found[id] = WorkflowFacts(
                version: PublishedWorkflow(
                    id: id, workflow: try row("workflow_id"),
                    escalationGapDays: try row("escalation_gap_days"), steps: steps[id] ?? []),
                isOff: try row("kill_switch"))
        }
        return found
    }
}
