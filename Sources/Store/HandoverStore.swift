package import Dunning
package import Postgres

/// A case that an agency has or had, as shown.
package struct HandoverRecord: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable, PostgresValue {
        case withAgency = "with_agency"
        /// Ours again.
        case recalled
        /// The case has ended while the agency had it.
        case closed
    }

    package let id: ID<Handover>
    package let enrolment: ID<Enrolment>
    package let customer: ID<Customer>
    package let agency: ID<Agency>
    package let amount: Money
    package let shares: [InvoiceShare]
    package let finalNotice: ID<Message>
    package let state: State
    package let note: String
    /// Of the evidence, in hexadecimal.
    package let packSHA256: String
    package let handedAt: Instant
    package let endedAt: Instant?
    package let endReason: String?

    package init(
        id: ID<Handover>, state: CaseState, agency: ID<Agency>, amount: Int64, shares: [InvoiceShare],
        finalNotice: ID<Message>, note: String, packSHA256: String, at now: Instant
    ) {
        self.id = id
        enrolment = state.id
        customer = state.customer
        self.agency = agency
        self.amount = Money(minor: amount, currency: state.currency)
        self.shares = shares
        self.finalNotice = finalNotice
        self.state = .withAgency
        self.note = note
        self.packSHA256 = packSHA256
        handedAt = now
        endedAt = nil
        endReason = nil
    }

    init(_ row: Row) throws(PostgresError) {
        id = try row("handover_id")
        enrolment = try row("enrolment_id")
        customer = try row("customer_id")
        agency = try row("agency_id")
        amount = Money(minor: try row("amount"), currency: try row("currency"))
        let (invoices, amounts): ([ID<Invoice>], [Int64]) = (try row("invoices"), try row("amounts"))
        shares = zip(invoices, amounts).map { InvoiceShare(invoice: $0, amount: $1) }
        finalNotice = try row("final_message_id")
        state = try row("state")
        note = try row("note")
        packSHA256 = try row("pack_sha256")
        handedAt = try row("handed_at")
        endedAt = try row.optional("ended_at")
        endReason = try row.optional("end_reason")
    }
}

extension Transaction {
    package mutating func insert(_ handover: HandoverRecord, pack: [UInt8]) throws(PostgresError) {
        try must(
            "handover_add", tenantID, handover.id, handover.enrolment, handover.customer, handover.agency,
            handover.amount.currency, handover.amount.minor, handover.finalNotice, handover.note, Bytes(pack),
            handover.packSHA256, handover.handedAt)
        try must(
            "handover_add_invoices", tenantID, handover.id, handover.shares.map(\.invoice),
            handover.shares.map(\.amount))
    }

    package mutating func handover(_ id: ID<Handover>) throws(PostgresError) -> HandoverRecord? {
        try first("handover_by_id", tenantID, id).map { row throws(PostgresError) in try HandoverRecord(row) }
    }

    package mutating func handovers(
        _ page: Page<Handover>, of customer: ID<Customer>? = nil, to agency: ID<Agency>? = nil,
        in state: HandoverRecord.State? = nil
    ) throws(PostgresError) -> [HandoverRecord] {
        try rows("handover_page", tenantID, customer, agency, state, page.before, page.count)
            .map { row throws(PostgresError) in try HandoverRecord(row) }
    }

    /// The evidence as it was handed over.
    package mutating func handedPack(_ id: ID<Handover>) throws(PostgresError) -> [UInt8]? {
        guard let row = try first("handover_pack", tenantID, id) else { return nil }
        let pack: Bytes = try row("pack")
        return pack.bytes
    }

    /// False when it had ended before. Lock the customer's cases before.
    package mutating func endHandover(
        _ id: ID<Handover>, as state: HandoverRecord.State, reason: String, at now: Instant
    ) throws(PostgresError) -> Bool {
        try run("handover_end", tenantID, id, state, reason, now) > 0
    }

    /// Cases that ended while an agency had them: which they were.
    package mutating func closeHandovers(
        of cases: [(ID<Enrolment>, Reason)], at now: Instant
    ) throws(PostgresError) -> [(id: ID<Handover>, customer: ID<Customer>, reason: String)] {
        guard !cases.isEmpty else { return [] }
        return try rows("handover_close", tenantID, cases.map(\.0), cases.map(\.1), now).map {
            row throws(PostgresError) in (try row("handover_id"), try row("customer_id"), try row("reason"))
        }
    }

    /// Final notices of the case that arrived, oldest first.
    package mutating func finalNotices(
        of enrolment: ID<Enrolment>
    ) throws(PostgresError) -> [HandoverCheck.Notice] {
        try rows("handover_notices", tenantID, enrolment).map { row throws(PostgresError) in
            HandoverCheck.Notice(
                message: try row("message_id"), day: try row("contact_day"), invoice: try row("invoice_id"))
        }
    }
}
