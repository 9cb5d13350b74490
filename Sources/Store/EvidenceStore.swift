package import Dunning
package import Foundation
package import Postgres

/// A message whose outcome was unknown, settled by evidence.
package struct ResolvedMessage: Sendable, Hashable {
    package enum State: String, Sendable, PostgresValue { case accepted, refused }

    package let id: ID<Message>
    package let state: State
    package let customer: ID<Customer>
    package let contact: ID<Contact>
}

extension Transaction {
    /// Keeps what a fenced worker reports; the attempts that were unknown until now, with their messages.
    package mutating func reportLate(
        _ attempts: [(id: ID<Attempt>, outcome: String)], worker: UUID, at now: Instant
    ) throws(PostgresError) -> [ID<Attempt>: ID<Message>] {
        guard !attempts.isEmpty else { return [:] }
        var found: [ID<Attempt>: ID<Message>] = [:]
        for row in try rows("attempt_late", tenantID, attempts.map(\.id), attempts.map(\.outcome), worker, now) {
            found[try row("attempt_id")] = try row("message_id")
        }
        return found
    }

    /// Settles messages whose outcome was unknown; the others stay as they are.
    package mutating func resolve(
        _ messages: [(id: ID<Message>, state: ResolvedMessage.State, reply: String)], at now: Instant
    ) throws(PostgresError) -> [ResolvedMessage] {
        guard !messages.isEmpty else { return [] }
        var resolved: [ResolvedMessage] = []
        for row in try rows(
            "message_resolve", tenantID, messages.map(\.id), messages.map(\.state.rawValue), messages.map(\.reply), now)
        {
            resolved.append(
                ResolvedMessage(
                    id: try row("message_id"), state: try row("state"), customer: try row("customer_id"),
                    contact: try row("contact_id")))
        }
        // What was refused was no contact.
        try returnBudget(of: resolved.filter { $0.state == .refused }.map(\.id))
        return resolved
    }
}
