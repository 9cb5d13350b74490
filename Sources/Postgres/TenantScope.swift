package import Foundation

extension Transaction {
    /// The tenant of this transaction: `$1` of every tenant query. Only reads across tenants run without one.
    package var tenantID: UUID {
        guard let tenant else { preconditionFailure("a tenant query in a transaction without a tenant") }
        return tenant
    }
}
