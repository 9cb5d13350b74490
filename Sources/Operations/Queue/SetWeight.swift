package import Dunning
package import Postgres
package import Store

/// Gives a tenant its share of the workers where they are short: 100 is one share, 300 three.
package struct SetWeight: Sendable {
    package static let range = 1...10_000

    let weight: Int

    package init(_ weight: Int) throws(Rejection) {
        guard Self.range.contains(weight) else {
            throw .invalid("/weight", "out_of_range", "must be from 1 to 10000")
        }
        self.weight = weight
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> TenantRecord {
        guard let tenant = try tx.lockedTenant() else { throw Rejection.notFound("tenant") }
        guard tenant.weight != weight else { return tenant }
        try tx.setWeight(weight)
        try tx.audit(
            context, action: "tenant.weighed", subject: context.tenant.uuid,
            detail: ["weight": "\(weight)", "before": "\(tenant.weight)"])
        guard let changed = try tx.tenantRecord() else { preconditionFailure("the tenant is locked") }
        return changed
    }
}
