package import Dunning
import Foundation
package import Postgres

/// Something told to the outside, as it is read.
package struct EventRecord: Sendable, Hashable {
    package let id: ID<OutboxEvent>
    package let place: EventPlace
    package let at: Instant
    package let type: String
    /// The identifier of what it is about.
    package let subject: String
    package let customer: ID<Customer>?
    package let data: [String: EventValue]
}

/// A place in the list of events; reading on from it misses nothing and repeats nothing.
package struct EventPlace: Sendable, Hashable, CustomStringConvertible {
    /// Before everything.
    package static let start = EventPlace(
        turn: 0, event: ID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))))

    package let turn: Int64
    package let event: ID<OutboxEvent>

    package init(turn: Int64, event: ID<OutboxEvent>) {
        self.turn = turn
        self.event = event
    }

    /// `4711.oev_…`.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let turn = Int64(parts[0]), turn >= 0, let event = ID<OutboxEvent>(String(parts[1]))
        else {
            return nil
        }
        self.init(turn: turn, event: event)
    }

    package var description: String { "\(turn).\(event)" }
}

/// A member of an event: identifiers and amounts, never personal data.
package enum EventValue: Sendable, Hashable, Codable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case text(String)
    case number(Int)
    case none

    package init(stringLiteral value: String) { self = .text(value) }

    package init(integerLiteral value: Int) { self = .number(value) }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .none
        } else if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .none: try container.encodeNil()
        }
    }
}

/// An event to be written.
package struct NewEvent: Sendable {
    package let type: String
    package let subject: String
    package let customer: ID<Customer>?
    package let data: [String: EventValue]

    package init(type: String, subject: String, customer: ID<Customer>?, data: [String: EventValue]) {
        self.type = type
        self.subject = subject
        self.customer = customer
        self.data = data
    }
}

extension Transaction {
    /// Events of one call keep their order.
    package mutating func insertEvents(_ events: [NewEvent], at now: Instant) throws(PostgresError) {
        guard !events.isEmpty else { return }
        try post(
            "event_insert", tenantID, events.map { _ in ID<OutboxEvent>.make(at: now) }.sorted(), now,
            events.map(\.type), events.map(\.subject), events.map { $0.customer?.uuid.postgresText ?? "" },
            events.map { FlatJSON.of($0.data) })
    }

    /// What became known after a place, oldest first.
    package mutating func events(after place: EventPlace, count: Int) throws(PostgresError) -> [EventRecord] {
        var found: [EventRecord] = []
        for row in try rows("event_page", tenantID, place.turn, place.event, count) {
            let (id, text): (ID<OutboxEvent>, String) = (try row("event_id"), try row("data"))
            guard let data = try? JSONDecoder().decode([String: EventValue].self, from: Data(text.utf8)) else {
                throw .undecodable("event")
            }
            found.append(
                EventRecord(
                    id: id, place: EventPlace(turn: try row("turn"), event: id), at: try row("at"),
                    type: try row("type"), subject: try row("subject"), customer: try row.optional("customer_id"),
                    data: data))
        }
        return found
    }

    /// The oldest events, as far as they are older. How many went.
    package mutating func pruneEvents(before instant: Instant, limit: Int) throws(PostgresError) -> Int {
        try run("event_prune", tenantID, instant, limit)
    }
}
