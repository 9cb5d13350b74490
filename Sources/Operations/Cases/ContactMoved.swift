import Dunning
import Postgres
import Store

/// Customers are reached at another address or number from now on. Their open cases that have sent something are told so: a
/// workflow may repeat its last notice there, once, by a step that answers `contact_changed` (study `dunning` 3.6, "contact
/// changed"). A case that has sent nothing has nothing to repeat.
enum ContactMoved {
    /// The caller has locked the customers' cases, and plans them before it commits.
    static func tell(_ customers: [ID<Customer>], in tx: inout Transaction, _ context: Context) throws {
        guard !customers.isEmpty else { return }
        let spoken = try tx.loadCases(customers: customers, now: context.now)
            .filter { $0.facts.state.lastContactDay != nil }
        try tx.record(spoken.map { (enrolment: $0.id, kind: .contactChanged) }, at: context.now)
    }
}
