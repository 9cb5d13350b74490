package import Dunning
import Foundation
package import Postgres

/// How far a message got.
package enum MessageState: String, Sendable, CaseIterable {
    case sending, retrying, accepted, refused, unknown, withdrawn
    case assumedSent = "assumed_sent"
}

/// A message as shown, without its bodies.
package struct MessageRecord: Sendable, Hashable {
    package let id: ID<Message>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let contact: ID<Contact>
    package let gateway: ID<Gateway>
    package let channel: String
    package let address: String
    package let stage: Int
    package let tier: Step.Tier
    package let state: String
    /// What it was written in.
    package let locale: LanguageTag
    package let subject: String
    package let isCrossed: Bool
    package let attempts: Int
    package let armedAt: Instant
    package let settledAt: Instant?
    package let reply: String?
    /// What the gateway reported after it took the message: sent, delivered or failed.
    package let delivery: String?
    package let createdAt: Instant
}

/// What one message said and how it travelled.
package struct MessageDetail: Sendable, Hashable {
    package struct Line: Sendable, Hashable {
        package let invoice: ID<Invoice>
        package let number: String
        package let open: Money
        package let daysOverdue: Int
    }

    package struct Try: Sendable, Hashable {
        package let id: ID<Attempt>
        package let number: Int
        package let armedAt: Instant
        package let finishedAt: Instant?
        package let outcome: String?
        package let code: Int?
        package let reply: String?
    }

    package let record: MessageRecord
    package let text: String
    package let html: String
    package let lines: [Line]
    package let tries: [Try]
}

/// A case as shown.
package struct CaseRecord: Sendable, Hashable {
    package let id: ID<Enrolment>
    package let brand: ID<Brand>
    package let currency: Currency
    package let track: String
    package let status: CaseState.Status
    package let exitReason: Reason?
    package let stage: Int
    package let cycle: Int
    package let position: String?
    package let openedAt: Instant
    package let closedAt: Instant?
    package let nextStep: String?
    package let nextDueAt: Instant?
}

extension Transaction {
    package mutating func messages(
        customer: ID<Customer>? = nil, invoice: ID<Invoice>? = nil, state: MessageState? = nil,
        before: ID<Message>? = nil,
        count: Int
    ) throws(PostgresError) -> [MessageRecord] {
        var found: [MessageRecord] = []
        for row in try rows("message_page", tenantID, customer, invoice, before, count, state?.rawValue) {
            found.append(try Self.messageRecord(row))
        }
        return found
    }

    package mutating func message(_ id: ID<Message>) throws(PostgresError) -> MessageDetail? {
        guard let row = try first("message_by_id", tenantID, id) else { return nil }
        let bodies = try bodies(of: id)
        var lines: [MessageDetail.Line] = []
        for row in try rows("message_lines", tenantID, id) {
            lines.append(
                MessageDetail.Line(
                    invoice: try row("invoice_id"), number: try row("number"),
                    open: Money(minor: try row("open_amount"), currency: try row("currency")),
                    daysOverdue: try row("days_overdue")))
        }
        var tries: [MessageDetail.Try] = []
        for row in try rows("message_attempt_list", tenantID, id) {
            tries.append(
                MessageDetail.Try(
                    id: try row("attempt_id"), number: try row("number"), armedAt: try row("armed_at"),
                    finishedAt: try row.optional("finished_at"), outcome: try row.optional("outcome"),
                    code: try row.optional("code"), reply: try row.optional("reply")))
        }
        return MessageDetail(
            record: try Self.messageRecord(row), text: bodies.text, html: bodies.html,
            lines: lines, tries: tries)
    }

    private mutating func bodies(of message: ID<Message>) throws(PostgresError) -> WireBodies {
        let row = try row("message_bodies", tenantID, message)
        if let text: String = try row.optional("text_body"), let html: String = try row.optional("html_body") {
            return WireBodies(text: text, html: html)
        }
        let (bytes, channel): (Bytes, Channel) = (try row("bytes"), try row("channel"))
        return WireBodies(bytes.bytes, by: channel)
    }

    package mutating func cases(of customer: ID<Customer>) throws(PostgresError) -> [CaseRecord] {
        var found: [CaseRecord] = []
        for row in try rows("case_page", tenantID, customer) {
            found.append(
                CaseRecord(
                    id: try row("enrolment_id"), brand: try row("brand_id"), currency: try row("currency"),
                    track: try row("track"), status: try row("status"), exitReason: try row.optional("exit_reason"),
                    stage: try row("stage"), cycle: try row("cycle"), position: try row.optional("position"),
                    openedAt: try row("opened_at"), closedAt: try row.optional("closed_at"),
                    nextStep: try row.optional("next_key"), nextDueAt: try row.optional("next_due")))
        }
        return found
    }

    private static func messageRecord(_ row: Row) throws(PostgresError) -> MessageRecord {
        MessageRecord(
            id: try row("message_id"), customer: try row("customer_id"), brand: try row("brand_id"),
            contact: try row("contact_id"), gateway: try row("gateway_id"), channel: try row("channel"),
            address: try row("address"), stage: try row("stage"), tier: try row("tier"), state: try row("state"),
            locale: try row("locale"), subject: try row("subject"), isCrossed: try row("crossed"),
            attempts: try row("attempts"),
            armedAt: try row("armed_at"), settledAt: try row.optional("settled_at"), reply: try row.optional("reply"),
            delivery: try row.optional("delivery"), createdAt: try row("created_at"))
    }
}
