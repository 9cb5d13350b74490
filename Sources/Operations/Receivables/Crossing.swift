package import Dunning
import Foundation
package import Postgres
import Store

/// Messages that asked for what has ended, and may have gone out: part of the answer to whoever ended it (architecture
/// 4.8).
package struct Crossing: Sendable, Codable {
    package struct Message: Sendable, Codable {
        package let id: ID<Dunning.Message>
        /// `crossed`: on the wire while the money came; else accepted, unknown, assumed_sent.
        package let state: String
        package let armedAt: Instant
    }

    package let messages: [Message]

    package init(messages: [Message] = []) {
        self.messages = messages
    }

    /// What was kept of an answer, to be given again.
    package init(_ kept: JSONText?) throws {
        self = try kept.map { try JSONDecoder().decode(Crossing.self, from: Data($0.text.utf8)) } ?? Crossing()
    }

    package func kept() throws -> JSONText {
        JSONText(String(decoding: try JSONEncoder().encode(self), as: UTF8.self))
    }

    /// Flags messages on the wire that ask for these invoices, and names all that did.
    static func flag(
        _ invoices: [ID<Invoice>], of customer: ID<Customer>, in tx: inout Transaction
    ) throws -> Crossing {
        try tx.crossMessages(customer: customer, invoices: invoices)
        return Crossing(
            messages: try tx.messagesAbout(customer: customer, invoices: invoices).map {
                Message(id: $0.id, state: $0.state == "sending" ? "crossed" : $0.state, armedAt: $0.armedAt)
            })
    }
}
