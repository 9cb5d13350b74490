package import Dunning
package import Postgres

/// A report of a gateway about one message.
package struct NewReceipt: Sendable {
    package let id: ID<Receipt>
    package let gateway: ID<Gateway>
    package let attempt: ID<Attempt>?
    package let providerID: String?
    /// `sent`, `delivered` or `failed`.
    package let state: String
    package let code: String?

    package init(
        id: ID<Receipt>, gateway: ID<Gateway>, attempt: ID<Attempt>?, providerID: String?, state: String, code: String?
    ) {
        self.id = id
        self.gateway = gateway
        self.attempt = attempt
        self.providerID = providerID
        self.state = state
        self.code = code
    }
}

/// The message a report is about.
package struct ReportedMessage: Sendable {
    package let id: ID<Message>
    package let attempt: ID<Attempt>
    package let customer: ID<Customer>
    package let channel: Channel
    package let key: String
    package let state: String
    package let delivery: String?
}

extension Transaction {
    package mutating func customer(reportedBy receipt: NewReceipt) throws(PostgresError) -> ID<Customer>? {
        try first("receipt_customer", tenantID, receipt.gateway, receipt.attempt, receipt.providerID)
            .map { row throws(PostgresError) in try row("customer_id") }
    }

    /// The message, locked: whoever records its outcome has done so, or waits.
    package mutating func message(reportedBy receipt: NewReceipt) throws(PostgresError) -> ReportedMessage? {
        guard let row = try first("receipt_message", tenantID, receipt.gateway, receipt.attempt, receipt.providerID)
        else { return nil }
        return ReportedMessage(
            id: try row("message_id"), attempt: try row("attempt_id"), customer: try row("customer_id"),
            channel: try row("channel"), key: try row("address_key"), state: try row("state"),
            delivery: try row.optional("delivery"))
    }

    /// False when the gateway said the same before.
    package mutating func insert(_ receipt: NewReceipt, at now: Instant) throws(PostgresError) -> Bool {
        try run(
            "receipt_insert", tenantID, receipt.id, receipt.gateway,
            receipt.attempt?.description ?? receipt.providerID ?? "", receipt.attempt, receipt.providerID,
            receipt.state, receipt.code, now) > 0
    }

    package mutating func noteDelivery(of message: ID<Message>, _ state: String) throws(PostgresError) {
        try run("receipt_deliver", tenantID, message, state)
    }

    /// Messages whose outcome was unknown and on which the gateway reported are accepted; which ones.
    package mutating func settleByReceipts(
        _ messages: [ID<Message>], at now: Instant
    ) throws(PostgresError) -> [(id: ID<Message>, customer: ID<Customer>)] {
        guard !messages.isEmpty else { return [] }
        var settled: [(id: ID<Message>, customer: ID<Customer>)] = []
        for row in try rows("receipt_settle", tenantID, messages, now) {
            settled.append((try row("message_id"), try row("customer_id")))
        }
        return settled
    }

    /// What was reported of messages before their outcome was known here.
    package mutating func takeEarlyReceipts(of messages: [ID<Message>]) throws(PostgresError) {
        guard !messages.isEmpty else { return }
        try run("receipt_best", tenantID, messages)
    }

    package mutating func returnBudget(undelivered message: ID<Message>) throws(PostgresError) {
        try run("receipt_return_budget", tenantID, message)
    }

    /// False when the gateway reported it before.
    package mutating func insertInbound(
        _ id: ID<InboundMessage>, through gateway: ID<Gateway>, providerID: String, from key: AddressKey,
        intent: ReplyIntent, text: String, at now: Instant
    ) throws(PostgresError) -> Bool {
        try run(
            "receipt_inbound", tenantID, id, gateway, providerID, key.text, intent.rawValue, text, now) > 0
    }
}
