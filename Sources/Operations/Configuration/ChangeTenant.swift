package import Dunning
package import Postgres
package import Store

/// Changes a tenant's own settings. The kill switch locks nothing: it holds from the next message that is armed.
package struct ChangeTenant: Sendable {
    let name: Change<String>
    let killSwitch: Change<Bool>
    let workflow: Change<ID<Workflow>>

    package init(
        name: Change<String> = .keep, killSwitch: Change<Bool> = .keep, workflow: Change<ID<Workflow>> = .keep
    ) throws(Rejection) {
        if case .to(let name) = name { try TextRule.line(upTo: 200).check(name, at: "/name") }
        self.name = name
        self.killSwitch = killSwitch
        self.workflow = workflow
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> TenantRecord {
        guard var tenant = try tx.lockedTenant() else { throw Rejection.notFound("tenant") }
        let old = tenant
        tenant.name = name.applied(to: tenant.name)
        tenant.killSwitch = killSwitch.applied(to: tenant.killSwitch)
        if case .to(let workflow) = workflow {
            guard try tx.workflow(workflow) != nil else {
                throw Rejection.invalid("/workflow_id", "unknown_workflow", "there is no such workflow")
            }
            tenant.workflow = workflow
        }
        guard tenant != old else { return old }
        try tx.update(tenant)
        var detail = ["name": tenant.name, "kill_switch": "\(tenant.killSwitch)"]
        detail["workflow"] = tenant.workflow?.description
        try tx.audit(context, action: "tenant.changed", subject: context.tenant.uuid, detail: detail)
        return tenant
    }
}
