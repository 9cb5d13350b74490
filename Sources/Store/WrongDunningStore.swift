package import Dunning
import Foundation
package import Postgres

/// A message that asked for money that had arrived already, as is known now.
package struct WrongMessage: Sendable, Hashable {
    package let message: ID<Message>
    package let customer: ID<Customer>
    package let invoice: ID<Invoice>
    package let day: Day
    /// Which brought the money too late.
    package let source: String
}

/// How many there were, by source.
package struct WrongDunning: Sendable, Hashable {
    package struct Source: Sendable, Hashable {
        package let name: String
        package let messages: Int
        package let invoices: Int
    }

    package let sent: Int
    package let wrong: Int
    package let sources: [Source]
}

extension Transaction {
    /// - Parameters:
    ///   - from: first civil day of the contacts.
    ///   - to: last one.
    package mutating func wrongDunning(
        brand: ID<Brand>?, from: Day, to: Day
    ) throws(PostgresError) -> WrongDunning {
        let (first, last) = Self.keys(from: from, to: to)
        let sent: Int = try row("wrong_dunning_sent", tenantID, brand, first, last, from, to)("messages")
        var wrong = 0
        var sources: [WrongDunning.Source] = []
        for row in try rows("wrong_dunning_sources", tenantID, brand, first, last, from, to) {
            let messages: Int = try row("messages")
            if let name: String = try row.optional("source") {
                sources.append(.init(name: name, messages: messages, invoices: try row("invoices")))
            } else {
                wrong = messages
            }
        }
        return WrongDunning(sent: sent, wrong: wrong, sources: sources)
    }

    /// The latest of them.
    package mutating func wrongMessages(
        brand: ID<Brand>?, from: Day, to: Day, count: Int
    ) throws(PostgresError) -> [WrongMessage] {
        let (first, last) = Self.keys(from: from, to: to)
        return try rows("wrong_dunning_messages", tenantID, brand, first, last, from, to, count).map {
            row throws(PostgresError) in
            WrongMessage(
                message: try row("message_id"), customer: try row("customer_id"), invoice: try row("invoice_id"),
                day: try row("contact_day"), source: try row("source"))
        }
    }

    /// The keys of messages of these days, whatever the zone of the contact.
    private static func keys(from: Day, to: Day) -> (first: UUID, last: UUID) {
        func instant(_ day: Day) -> Instant { Instant(microseconds: Int64(day.number) * 86_400_000_000) }
        return (firstKey(at: instant(from.adding(-1))), firstKey(at: instant(to.adding(2))))
    }
}
