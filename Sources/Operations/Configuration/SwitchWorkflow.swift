package import Dunning
package import Postgres
package import Store

/// Stops or resumes everything a workflow sends. It locks no case: it holds from the next message that is armed.
package struct SwitchWorkflow: Sendable {
    let workflow: ID<Workflow>
    let killSwitch: Change<Bool>

    package init(_ workflow: ID<Workflow>, killSwitch: Change<Bool>) {
        self.workflow = workflow
        self.killSwitch = killSwitch
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> WorkflowRecord {
        guard let old = try tx.lockedWorkflow(workflow) else { throw Rejection.notFound("workflow") }
        let isOn = killSwitch.applied(to: old.killSwitch)
        guard isOn != old.killSwitch else { return old }
        try tx.setKillSwitch(of: workflow, to: isOn)
        try tx.audit(
            context, action: "workflow.switched", subject: workflow.uuid,
            detail: ["name": old.name, "kill_switch": "\(isOn)"])
        guard let record = try tx.workflow(workflow) else { preconditionFailure("the workflow is locked") }
        return record
    }
}
