package import Dunning
package import Foundation
package import Postgres
import Store

/// One line of the audit trail: who did what to which thing, with identifiers and amounts, never with personal data.
package struct AuditEntry: Sendable {
    package let action: String
    package let subject: UUID
    package let customer: ID<Customer>?
    package let detail: [String: String]

    package init(action: String, subject: UUID, customer: ID<Customer>? = nil, detail: [String: String] = [:]) {
        self.action = action
        self.subject = subject
        self.customer = customer
        self.detail = detail
    }
}

extension Transaction {
    /// Records one change in the same transaction as the change itself.
    package mutating func audit(
        _ context: Context, action: String, subject: UUID, customer: ID<Customer>? = nil, detail: [String: String] = [:]
    ) throws(PostgresError) {
        try audit(
            context, [AuditEntry(action: action, subject: subject, customer: customer, detail: detail)])
    }

    package mutating func audit(_ context: Context, _ entries: [AuditEntry]) throws(PostgresError) {
        guard !entries.isEmpty else { return }
        try post(
            "audit_insert", tenantID, entries.map { _ in ID<AuditEvent>.make(at: context.now) }, context.now,
            context.actor, entries.map(\.action), entries.map(\.subject),
            entries.map { $0.customer?.uuid.postgresText ?? "" }, entries.map { FlatJSON.of($0.detail) })
    }
}
