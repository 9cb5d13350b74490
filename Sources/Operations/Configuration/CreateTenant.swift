package import Dunning
package import Postgres
package import Store

/// Makes a tenant, in shadow, with what it needs to start: a lane for internal jobs, the calendar of US federal
/// holidays, and the standard workflow with its templates.
///
/// Run in a transaction of the new tenant: `context.tenant` is an id made for it.
package struct CreateTenant: Sendable {
    let name: String

    package init(name: String) throws(Rejection) {
        try TextRule.line(upTo: 200).check(name, at: "/name")
        self.name = name
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> TenantRecord {
        try tx.insertTenant(named: name, at: context.now)
        try tx.know(source: SourceName.api, at: context.now)
        try tx.audit(context, action: "tenant.created", subject: context.tenant.uuid, detail: ["name": name])
        try tx.openLane(.internalJobs)
        _ = try CreateCalendar(name: "US federal", rule: .usFederal).run(in: &tx, context)
        let workflow = try StandardWorkflow.make(in: &tx, context)
        return try ChangeTenant(workflow: .to(workflow)).run(in: &tx, context)
    }
}
