package import Dunning
package import Postgres

/// What a document's source said it is for.
package struct PaymentTold: Sendable, Hashable {
    /// It named no invoice.
    package let isAutomatic: Bool
    package let shares: [SourceName: Int64]
}

extension Transaction {
    /// The document of this name, and whose it is.
    package mutating func payment(
        named name: SourceName, kind: Movement.Kind
    ) throws(PostgresError) -> (id: ID<Payment>, customer: ID<Customer>)? {
        guard let row = try first("payment_known", tenantID, kind, name.source, name.externalID) else { return nil }
        return (try row("payment_id"), try row("customer_id"))
    }

    /// Changes what a document is: arrived, failed, taken back, or meant for other invoices.
    package mutating func turn(
        _ payment: PaymentRecord, to status: PaymentRecord.Status, on day: Day? = nil, version: Int64? = nil,
        isAutomatic: Bool
    ) throws(PostgresError) {
        try must(
            "payment_turn", tenantID, payment.id, status, day ?? payment.valueDate, version ?? payment.version,
            isAutomatic)
    }

    package mutating func told(of payment: ID<Payment>) throws(PostgresError) -> PaymentTold {
        var (isAutomatic, shares): (Bool, [SourceName: Int64]) = (false, [:])
        for row in try rows("payment_told", tenantID, payment) {
            isAutomatic = try row("automatic")
            guard let external: String = try row.optional("invoice_external_id") else { continue }
            shares[SourceName(external, source: try row("source"))] = try row("amount")
        }
        return PaymentTold(isAutomatic: isAutomatic, shares: shares)
    }

    /// Forgets what the source said a document is for, before it is said anew.
    package mutating func forgetInstructions(of payment: ID<Payment>) throws(PostgresError) {
        try run("payment_untell", tenantID, payment)
    }

    /// Invoices whose coverage depends on a document, as far as they are known.
    package mutating func invoices(named payment: ID<Payment>) throws(PostgresError) -> [ID<Invoice>] {
        try rows("payment_named_invoices", tenantID, payment)
            .map { row throws(PostgresError) in try row("invoice_id") }
    }
}
