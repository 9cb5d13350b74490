package import Dunning
import Foundation
package import Postgres

/// Who owes whom, and where a case stands: any case, also one that has ended.
package struct EvidenceCase: Sendable {
    package let id: ID<Enrolment>
    package let key: LedgerKey
    package let status: String
    package let exitReason: String?
    package let stage: Int
    package let cycle: Int
    package let openedAt: Instant
    package let closedAt: Instant?
    package let customerExternalID: String
    package let customerName: String
    package let customerKind: String
    package let creditor: String
    package let creditorAddress: String
    package let creditorPhone: String?
    package let workflow: String
    package let version: Int
}

/// A message as it went onto the wire.
package struct EvidenceMessage: Sendable {
    package let id: ID<Message>
    package let channel: Channel
    package let bytes: [UInt8]
    /// What is told of it beside its bytes, by column.
    package let cells: [String]
}

/// What belongs into evidence, table by table: cells as text, in the order of their columns.
extension Transaction {
    package mutating func evidenceCase(_ id: ID<Enrolment>) throws(PostgresError) -> EvidenceCase? {
        guard let row = try first("evidence_case", tenantID, id) else { return nil }
        return EvidenceCase(
            id: id,
            key: LedgerKey(
                customer: try row("customer_id"), brand: try row("brand_id"), currency: try row("currency")),
            status: try row("status"), exitReason: try row.optional("exit_reason"), stage: try row("stage"),
            cycle: try row("cycle"), openedAt: try row("opened_at"), closedAt: try row.optional("closed_at"),
            customerExternalID: try row("customer_external_id"), customerName: try row("customer_name"),
            customerKind: try row("customer_kind"), creditor: try row("creditor"),
            creditorAddress: try row("creditor_address"), creditorPhone: try row.optional("creditor_phone"),
            workflow: try row("workflow"), version: try row("version"))
    }

    package static let evidenceContactColumns = [
        "contact", "role", "name", "email", "phone", "opted_out", "suppressed",
    ]

    package mutating func evidenceContacts(of customer: ID<Customer>) throws(PostgresError) -> [[String]] {
        var lines: [[String]] = []
        for row in try rows("evidence_contacts", tenantID, customer) {
            let id: ID<Contact> = try row("contact_id")
            let optedOut: Bool = try row("opted_out")
            lines.append([
                id.description, try row("role"), try row("name"), try row.optional("email") ?? "",
                try row.optional("phone") ?? "", "\(optedOut)", try row.optional("suppressed_reason") ?? "",
            ])
        }
        return lines
    }

    package static let evidenceInvoiceColumns = [
        "invoice", "number", "source", "external_id", "issue_date", "due_date", "total", "open", "disputed", "currency",
        "settled_at", "recorded_at",
    ]

    package mutating func evidenceInvoices(of key: LedgerKey) throws(PostgresError) -> [[String]] {
        var lines: [[String]] = []
        for row in try rows("evidence_invoices", tenantID, key.customer, key.brand, key.currency) {
            let id: ID<Invoice> = try row("invoice_id")
            let (issued, due): (Day?, Day?) = (try row.optional("issue_date"), try row.optional("due_date"))
            let settled: Instant? = try row.optional("settled_at")
            let recorded: Instant = try row("recorded_at")
            func money(_ column: String) throws(PostgresError) -> String {
                Money(minor: try row(column), currency: key.currency).decimal
            }
            lines.append([
                id.description, try row("number"), try row("source"), try row("external_id"),
                issued?.description ?? "", due?.description ?? "", try money("total"), try money("balance"),
                try money("disputed"), key.currency.code, settled?.description ?? "", recorded.description,
            ])
        }
        return lines
    }

    package static let evidenceLedgerColumns = [
        "entry", "kind", "invoice", "payment", "amount", "currency", "value_date", "recorded_at", "source",
        "external_id", "note",
    ]

    package mutating func evidenceLedger(of key: LedgerKey) throws(PostgresError) -> [[String]] {
        var lines: [[String]] = []
        var last: ID<LedgerEntry>?
        let portion = 5_000
        while true {
            let page = try rows("evidence_ledger", tenantID, key.customer, key.brand, key.currency, last, portion)
            for row in page {
                let id: ID<LedgerEntry> = try row("ledger_entry_id")
                let day: Day = try row("value_date")
                let recorded: Instant = try row("recorded_at")
                lines.append([
                    id.description, try row("kind"), try row.optional("invoice") ?? "",
                    try row.optional("payment") ?? "", Money(minor: try row("amount"), currency: key.currency).decimal,
                    key.currency.code, day.description, recorded.description, try row.optional("source") ?? "",
                    try row.optional("external_id") ?? "", try row.optional("note") ?? "",
                ])
                last = id
            }
            if page.count < portion { return lines }
        }
    }

    package static let evidenceMessageColumns = [
        "message", "channel", "address", "stage", "tier", "state", "delivery", "subject", "contact_day", "armed_at",
        "settled_at", "answer", "crossed", "invoices",
    ]

    /// The oldest first.
    package mutating func evidenceMessages(
        of enrolment: ID<Enrolment>, limit: Int
    ) throws(PostgresError) -> [EvidenceMessage] {
        var found: [EvidenceMessage] = []
        for row in try rows("evidence_messages", tenantID, enrolment, limit) {
            let id: ID<Message> = try row("message_id")
            let channel: Channel = try row("channel")
            let stage: Int = try row("stage")
            let day: Day = try row("contact_day")
            let armed: Instant = try row("armed_at")
            let settled: Instant? = try row.optional("settled_at")
            let crossed: Bool = try row("crossed")
            let bytes: Bytes = try row("bytes")
            found.append(
                EvidenceMessage(
                    id: id, channel: channel, bytes: bytes.bytes,
                    cells: [
                        id.description, channel.rawValue, try row("address"), "\(stage)", try row("tier"),
                        try row("state"), try row.optional("delivery") ?? "", try row("subject"), day.description,
                        armed.description, settled?.description ?? "", try row.optional("reply") ?? "", "\(crossed)",
                        try row("invoices"),
                    ]))
        }
        return found
    }

    package static let evidenceAttemptColumns = [
        "message", "attempt", "number", "armed_at", "finished_at", "outcome", "code", "answer", "provider_id",
    ]

    package mutating func evidenceAttempts(of messages: [ID<Message>]) throws(PostgresError) -> [[String]] {
        var lines: [[String]] = []
        for row in try rows("evidence_attempts", tenantID, messages) {
            let (message, attempt): (ID<Message>, ID<Attempt>) = (try row("message_id"), try row("attempt_id"))
            let (number, code): (Int, Int?) = (try row("number"), try row.optional("code"))
            let armed: Instant = try row("armed_at")
            let finished: Instant? = try row.optional("finished_at")
            lines.append([
                message.description, attempt.description, "\(number)", armed.description, finished?.description ?? "",
                try row.optional("outcome") ?? "", code.map { "\($0)" } ?? "", try row.optional("reply") ?? "",
                try row.optional("provider_id") ?? "",
            ])
        }
        return lines
    }

    package static let evidenceReceiptColumns = ["message", "state", "code", "received_at"]

    package mutating func evidenceReceipts(of messages: [ID<Message>]) throws(PostgresError) -> [[String]] {
        var lines: [[String]] = []
        for row in try rows("evidence_receipts", tenantID, messages) {
            let message: ID<Message> = try row("message_id")
            let received: Instant = try row("received_at")
            lines.append([
                message.description, try row("state"), try row.optional("code") ?? "", received.description,
            ])
        }
        return lines
    }

    package static let evidenceEventColumns = ["at", "who", "what", "subject", "detail"]

    package mutating func evidenceEvents(of customer: ID<Customer>) throws(PostgresError) -> [[String]] {
        var lines: [[String]] = []
        var last: ID<AuditEvent>?
        let portion = 5_000
        while true {
            let page = try rows("evidence_events", tenantID, customer, last, portion)
            for row in page {
                let id: ID<AuditEvent> = try row("audit_event_id")
                let at: Instant = try row("at")
                let subject: UUID = try row("subject_id")
                let detail: JSONText = try row("detail")
                lines.append([
                    at.description, try row("actor"), try row("action"), subject.uuidString.lowercased(), detail.text,
                ])
                last = id
            }
            if page.count < portion { return lines }
        }
    }
}
