package import Dunning
package import Postgres
package import Store

/// Changes a tenant's own settings. The kill switch locks nothing: it holds from the next message that is armed.
package struct ChangeTenant: Sendable {
    let name: Change<String>
    let killSwitch: Change<Bool>
    let workflow: Change<ID<Workflow>>
    let zone: Change<Zone>
    let baseCurrency: Change<Currency?>
    let agingEdges: Change<AgingEdges>
    let vetoHours: Change<Int>
    let firstContactsPerDay: Change<Int?>
    let sendsCorrections: Change<Bool>

    package static let vetoRange = 0...168
    package static let firstContactsRange = 1...1_000_000

    package init(
        name: Change<String> = .keep, killSwitch: Change<Bool> = .keep, workflow: Change<ID<Workflow>> = .keep,
        zone: Change<Zone> = .keep, baseCurrency: Change<Currency?> = .keep, agingEdges: Change<AgingEdges> = .keep,
        vetoHours: Change<Int> = .keep, firstContactsPerDay: Change<Int?> = .keep,
        sendsCorrections: Change<Bool> = .keep
    ) throws(Rejection) {
        if case .to(let name) = name { try TextRule.line(upTo: 200).check(name, at: "/name") }
        self.name = name
        self.killSwitch = killSwitch
        self.workflow = workflow
        self.zone = zone
        self.baseCurrency = baseCurrency
        self.agingEdges = agingEdges
        self.vetoHours = vetoHours
        self.firstContactsPerDay = firstContactsPerDay
        self.sendsCorrections = sendsCorrections
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> TenantRecord {
        guard var tenant = try tx.lockedTenant() else { throw Rejection.notFound("tenant") }
        let old = tenant
        tenant.name = name.applied(to: tenant.name)
        tenant.killSwitch = killSwitch.applied(to: tenant.killSwitch)
        if case .to(let workflow) = workflow {
            try tx.checkExists(workflow)
            try tx.checkInUse(workflow)
            tenant.workflow = workflow
        }
        tenant.zone = zone.applied(to: tenant.zone)
        tenant.baseCurrency = baseCurrency.applied(to: tenant.baseCurrency)
        tenant.agingEdges = agingEdges.applied(to: tenant.agingEdges)
        tenant.vetoHours = vetoHours.applied(to: tenant.vetoHours)
        tenant.firstContactsPerDay = firstContactsPerDay.applied(to: tenant.firstContactsPerDay)
        tenant.sendsCorrections = sendsCorrections.applied(to: tenant.sendsCorrections)
        guard tenant != old else { return old }
        try tx.update(tenant)
        // The rollups are made anew; until then answers keep the old edges.
        if tenant.agingEdges != old.agingEdges { try KeepRollups.queue(in: &tx, context) }
        try adjust(from: old, to: tenant, in: &tx, context)
        var detail = [
            "name": tenant.name, "kill_switch": "\(tenant.killSwitch)", "zone": tenant.zone.identifier,
            "aging_edges": tenant.agingEdges.days.map { "\($0)" }.joined(separator: ","),
            "veto_hours": "\(tenant.vetoHours)", "correction_notes": "\(tenant.sendsCorrections)",
        ]
        detail["first_contacts_per_day"] = tenant.firstContactsPerDay.map(String.init)
        detail["workflow"] = tenant.workflow?.description
        detail["base_currency"] = tenant.baseCurrency?.code
        try tx.audit(context, action: "tenant.changed", subject: context.tenant.uuid, detail: detail)
        return tenant
    }

    /// Days for first contacts are given anew, and what is to be announced is.
    private func adjust(
        from old: TenantRecord, to new: TenantRecord, in tx: inout Transaction, _ context: Context
    ) throws {
        if new.firstContactsPerDay != old.firstContactsPerDay {
            let waiting = try tx.forgetFirstContacts(after: new.zone.day(of: context.now))
            if !waiting.isEmpty {
                try PlanCases.markDirty(customers: waiting, entry: .firstStage, in: &tx, context)
            }
        }
        if new.vetoHours != old.vetoHours || new.sendsCorrections { try Watch.queue(at: context.now, in: &tx) }
    }
}
