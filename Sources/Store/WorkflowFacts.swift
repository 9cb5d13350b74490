import Dunning
import Postgres

/// A workflow version with its switch.
struct WorkflowFacts {
    let version: PublishedWorkflow
    let isOff: Bool
}

extension Transaction {
    /// What ``workflows(_:)`` will ask.
    func workflowQuestions(_ versions: [ID<WorkflowVersion>]) -> [Ask] {
        [Ask("facts_steps", tenantID, versions), Ask("facts_workflows", tenantID, versions)]
    }

    mutating func workflows(
        _ versions: [ID<WorkflowVersion>]
    ) throws(PostgresError) -> [ID<WorkflowVersion>: WorkflowFacts] {
        var steps: [ID<WorkflowVersion>: [Step]] = [:]
        for row in try rows("facts_steps", tenantID, versions) {
            steps[try row("workflow_version_id"), default: []].append(try Step(row))
        }
        var found: [ID<WorkflowVersion>: WorkflowFacts] = [:]
        for row in try rows("facts_workflows", tenantID, versions) {
            let id: ID<WorkflowVersion> = try row("workflow_version_id")
            found[id] = WorkflowFacts(
                version: PublishedWorkflow(
                    id: id, workflow: try row("workflow_id"),
                    escalationGapDays: try row("escalation_gap_days"), steps: steps[id] ?? [],
                    limits: try WorkflowLimits(try row.optional("limits"))),
                isOff: try row("kill_switch"))
        }
        return found
    }
}
