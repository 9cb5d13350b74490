package import Dunning
package import Postgres
package import Store

/// Changes a sender identity: words hold from the next message, and what decides *when* is planned anew.
package struct ChangeBrand: Sendable {
    let brand: ID<Brand>
    let change: BrandChange

    package init(_ brand: ID<Brand>, _ change: BrandChange) {
        self.brand = brand
        self.change = change
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> BrandRecord {
        guard let old = try tx.lockedBrand(brand) else { throw Rejection.notFound("brand") }
        let new = change.applied(to: old)
        let problems = BrandChecks.problems(of: new)
        guard problems.isEmpty else { throw Rejection.invalid(problems) }
        guard new != old else { return old }
        try BrandChecks.checkGateways(of: new, in: &tx)
        if let workflow = new.workflow, workflow != old.workflow { try tx.checkInUse(workflow) }
        try tx.update(new, at: context.now)
        try tx.audit(
            context, action: "brand.changed", subject: brand.uuid,
            detail: ["name": new.name, "kill_switch": "\(new.killSwitch)", "replanned": "\(new.isTimedUnlike(old))"])
        if new.isTimedUnlike(old) { try Retiming.plan(brands: [brand], in: &tx, context) }
        guard let record = try tx.brand(brand) else { preconditionFailure("the brand is locked") }
        return record
    }
}

extension BrandRecord {
    /// Whether cases planned under `old` may be due at another time or by another way.
    fileprivate func isTimedUnlike(_ old: BrandRecord) -> Bool {
        zone != old.zone || graceDays != old.graceDays || window != old.window || calendar != old.calendar
            || gateway != old.gateway || smsGateway != old.smsGateway
    }
}
