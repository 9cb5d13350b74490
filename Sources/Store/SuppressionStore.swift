package import Dunning
package import Postgres

/// Why an address gets nothing any more.
package enum SuppressionReason: String, Sendable, PostgresValue {
    /// Its owner said so.
    case optOut = "opt_out"
    /// The gateway refused it for good.
    case hardBounce = "hard_bounce"
}

extension Transaction {
    /// Nothing goes to these addresses any more, whoever has them.
    package mutating func suppress(
        _ keys: [String], for channel: Channel, reason: SuppressionReason, at now: Instant
    ) throws(PostgresError) {
        guard !keys.isEmpty else { return }
        try run("suppression_add", tenantID, channel, keys, reason, now)
    }

    /// Whether there was a suppression to lift.
    package mutating func liftSuppression(of key: AddressKey, for channel: Channel) throws(PostgresError) -> Bool {
        try run("suppression_lift", tenantID, channel, key.text) > 0
    }

    /// Everybody with a contact of this number.
    package mutating func customers(with phone: PhoneNumber) throws(PostgresError) -> [ID<Customer>] {
        try rows("suppression_customers", tenantID, phone).map { row throws(PostgresError) in try row("customer_id") }
    }
}
