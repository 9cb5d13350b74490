package import Dunning
package import Foundation
package import Postgres

/// A message frozen for the wire.
package struct NewMessage: Sendable {
    package let id: ID<Message>
    package let customer: ID<Customer>
    package let brand: ID<Brand>
    package let contact: ID<Contact>
    package let gateway: ID<Gateway>
    package let channel: Channel
    package let address: String
    package let addressKey: String
    /// Every address of the person: each counts as contacted.
    package let keys: [String]
    package let stage: Int
    package let tier: Step.Tier
    package let rendered: RenderedMessage
    package let bytes: [UInt8]
    /// The civil day of the contact in its own zone.
    package let day: Day
    package let lines: [Line]

    package struct Line: Sendable {
        package let invoice: ID<Invoice>
        package let currency: Currency
        package let enrolment: ID<Enrolment>
        /// Minor units, all instalments that were listed together.
        package let open: Int64
        /// Of the oldest of them.
        package let daysOverdue: Int

        package init(
            invoice: ID<Invoice>, currency: Currency, enrolment: ID<Enrolment>, open: Int64, daysOverdue: Int
        ) {
            self.invoice = invoice
            self.currency = currency
            self.enrolment = enrolment
            self.open = open
            self.daysOverdue = daysOverdue
        }
    }

    package init(
        id: ID<Message>, customer: ID<Customer>, brand: ID<Brand>, contact: ID<Contact>, gateway: ID<Gateway>,
        channel: Channel, address: String, addressKey: String, keys: [String], stage: Int, tier: Step.Tier,
        rendered: RenderedMessage, bytes: [UInt8],
        day: Day, lines: [Line]
    ) {
        self.id = id
        self.customer = customer
        self.brand = brand
        self.contact = contact
        self.gateway = gateway
        self.channel = channel
        self.address = address
        self.addressKey = addressKey
        self.keys = keys
        self.stage = stage
        self.tier = tier
        self.rendered = rendered
        self.bytes = bytes
        self.day = day
        self.lines = lines
    }
}

/// What is known of the message of a leased due row.
package struct TravellingMessage: Sendable {
    package let id: ID<Message>
    package let customer: ID<Customer>
    package let contact: ID<Contact>
    package let day: Day
    package let attempts: Int
    package let tier: Step.Tier
    package let channel: Channel
    package let addressKey: String
}

/// How to reach a gateway; the password is still sealed.
package struct GatewayAccess: Sendable, Hashable {
    package let id: ID<Gateway>
    package let version: Int
    package let host: String
    package let port: Int
    package let tls: String
    package let username: String?
    package let sealedPassword: Bytes?
    package let ehloName: String
    package let sessions: Int
    /// Of a text gateway.
    package let recipe: String?
    package let sender: String?
    package let maxParts: Int?
}

/// A message that asked for certain invoices.
package struct MessageAbout: Sendable, Hashable {
    package let id: ID<Message>
    package let state: String
    package let isCrossed: Bool
    package let armedAt: Instant
}

extension Transaction {
    /// Messages that were armed before are written over.
    package mutating func insertMessages(
        _ letters: [(message: NewMessage, isRetry: Bool)], at now: Instant
    ) throws(PostgresError) {
        guard !letters.isEmpty else { return }
        let messages = letters.map(\.message)
        try post(
            "message_insert", tenantID, messages.map(\.id), messages.map(\.customer), messages.map(\.brand),
            messages.map(\.contact), messages.map(\.gateway), messages.map(\.address), messages.map(\.addressKey),
            messages.map(\.stage), messages.map(\.tier), messages.map(\.rendered.locale),
            messages.map(\.rendered.subject), messages.map { Bytes($0.bytes) }, messages.map(\.day), now,
            messages.map(\.channel))
        let again = letters.filter(\.isRetry).map(\.message.id)
        if !again.isEmpty { try post("message_line_clear", tenantID, again) }
        let lines = messages.flatMap { message in message.lines.map { (message.id, $0) } }
        guard !lines.isEmpty else { return }
        try post(
            "message_line_insert", tenantID, lines.map(\.0), lines.map(\.1.invoice), lines.map(\.1.enrolment),
            lines.map(\.1.currency), lines.map(\.1.open), lines.map(\.1.daysOverdue))
    }

    package mutating func armedCounts(of messages: [ID<Message>]) throws(PostgresError) -> [ID<Message>: Int] {
        guard !messages.isEmpty else { return [:] }
        var counts: [ID<Message>: Int] = [:]
        for row in try rows("message_attempts", tenantID, messages) {
            counts[try row("message_id")] = try row("attempts")
        }
        return counts
    }

    package mutating func insertAttempts(
        _ attempts: [(id: ID<Attempt>, message: ID<Message>, number: Int, lease: Int64)], worker: UUID, at now: Instant
    ) throws(PostgresError) {
        guard !attempts.isEmpty else { return }
        try post(
            "attempt_insert", tenantID, attempts.map(\.id), attempts.map(\.message), attempts.map(\.number), worker,
            attempts.map(\.lease), now)
    }

    package mutating func finishAttempts(
        _ attempts: [(id: ID<Attempt>, outcome: String, code: Int, reply: String, providerID: String)], at now: Instant
    ) throws(PostgresError) {
        guard !attempts.isEmpty else { return }
        try post(
            "attempt_finish", tenantID, attempts.map(\.id), attempts.map(\.outcome), attempts.map(\.code),
            attempts.map(\.reply), now, attempts.map(\.providerID))
    }

    package mutating func openAttempts(of messages: [ID<Message>]) throws(PostgresError) -> [ID<Message>: ID<Attempt>] {
        var found: [ID<Message>: ID<Attempt>] = [:]
        for row in try rows("attempt_open_of", tenantID, messages) {
            found[try row("message_id")] = try row("attempt_id")
        }
        return found
    }

    package mutating func settleMessages(
        _ messages: [(id: ID<Message>, state: String, reply: String)], at now: Instant
    ) throws(PostgresError) {
        guard !messages.isEmpty else { return }
        try post(
            "message_settle", tenantID, messages.map(\.id), messages.map(\.state), messages.map(\.reply), now)
    }

    package mutating func messages(ofSteps steps: [ID<StepRun>]) throws(PostgresError) -> [ID<StepRun>:
        TravellingMessage]
    {
        var found: [ID<StepRun>: TravellingMessage] = [:]
        for row in try rows("message_of_steps", tenantID, steps) {
            found[try row("step_run_id")] = TravellingMessage(
                id: try row("message_id"), customer: try row("customer_id"), contact: try row("contact_id"),
                day: try row("contact_day"), attempts: try row("attempts"), tier: try row("tier"),
                channel: try row("channel"), addressKey: try row("address_key"))
        }
        return found
    }

    package mutating func withdrawMessages(of steps: [ID<StepRun>], at now: Instant) throws(PostgresError) {
        guard !steps.isEmpty else { return }
        try post("message_withdraw", tenantID, steps, now)
    }

    /// Takes the day's contact for every address of each person; returns the messages that got all of theirs.
    package mutating func takeBudget(
        _ wanted: [(keys: [String], day: Day, message: ID<Message>)]
    ) throws(PostgresError) -> Set<ID<Message>> {
        guard !wanted.isEmpty else { return [] }
        let places = wanted.flatMap { one in one.keys.map { (key: $0, day: one.day, message: one.message) } }
        var got: [ID<Message>: Int] = [:]
        for row in try rows(
            "message_budget_take", tenantID, places.map(\.key), places.map(\.day), places.map(\.message))
        {
            got[try row("message_id"), default: 0] += 1
        }
        let taken = Set(wanted.filter { got[$0.message] == $0.keys.count }.map(\.message))
        try returnBudget(of: got.keys.filter { !taken.contains($0) })
        return taken
    }

    package mutating func returnBudget(of messages: [ID<Message>]) throws(PostgresError) {
        guard !messages.isEmpty else { return }
        try post("message_budget_return", tenantID, messages)
    }

    package mutating func suppress(_ contacts: [ID<Contact>], reason: String, at now: Instant) throws(PostgresError) {
        guard !contacts.isEmpty else { return }
        try post("message_suppress_contacts", tenantID, contacts, reason, now)
    }

    package mutating func gatewayAccess(_ gateways: [ID<Gateway>]) throws(PostgresError) -> [ID<Gateway>: GatewayAccess]
    {
        var found: [ID<Gateway>: GatewayAccess] = [:]
        for row in try rows("message_gateways", tenantID, gateways) {
            let access = GatewayAccess(
                id: try row("gateway_id"), version: try row("version"), host: try row("host"), port: try row("port"),
                tls: try row("tls"), username: try row.optional("username"),
                sealedPassword: try row.optional("password_sealed"), ehloName: try row("ehlo_name"),
                sessions: try row("sessions"), recipe: try row.optional("recipe"), sender: try row.optional("sender"),
                maxParts: try row.optional("max_parts"))
            found[access.id] = access
        }
        return found
    }

    /// Flags messages on the wire that ask for these invoices.
    package mutating func crossMessages(customer: ID<Customer>, invoices: [ID<Invoice>]) throws(PostgresError) {
        guard !invoices.isEmpty else { return }
        _ = try rows("message_cross", tenantID, customer, invoices)
    }

    package mutating func messagesAbout(
        customer: ID<Customer>, invoices: [ID<Invoice>]
    ) throws(PostgresError) -> [MessageAbout] {
        guard !invoices.isEmpty else { return [] }
        var found: [MessageAbout] = []
        for row in try rows("message_about", tenantID, customer, invoices) {
            found.append(
                MessageAbout(
                    id: try row("message_id"), state: try row("state"), isCrossed: try row("crossed"),
                    armedAt: try row("armed_at")))
        }
        return found
    }
}

/// A message whose outcome nobody knows.
package struct UnknownMessage: Sendable {
    package let tier: Step.Tier
    package let customer: ID<Customer>
    package let subject: String
    package let channel: Channel
    /// Its worker was taken for dead, and told afterwards that no gateway had taken it over.
    package let hasNeverLeft: Bool
}

extension Transaction {
    /// Nil when the message was settled by evidence meanwhile.
    package mutating func unknownMessage(_ id: ID<Message>) throws(PostgresError) -> UnknownMessage? {
        guard let row = try first("message_unknown", tenantID, id) else { return nil }
        let state: String = try row("state")
        guard state == "unknown" else { return nil }
        return UnknownMessage(
            tier: try row("tier"), customer: try row("customer_id"), subject: try row("subject"),
            channel: try row("channel"), hasNeverLeft: try row("never_left"))
    }

    package mutating func assumeSent(_ id: ID<Message>, at now: Instant) throws(PostgresError) {
        try run("message_assume_sent", tenantID, id, now)
    }
}
