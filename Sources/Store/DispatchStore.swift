package import Dunning
package import Postgres

/// What keeps the demonstration's clock from going on; all tenants together.
package struct Unsettled: Sendable, Equatable {
    /// In the queue, and its time has come.
    package let due: Int
    /// Its time has come, and it is not in the queue yet.
    package let planned: Int
    /// Cases whose next step is not planned yet.
    package let dirty: Int
    /// Messages on the wire.
    package let sending: Int
    /// Promises and instalments whose day has passed.
    package let unjudged: Int

    package var isNothing: Bool { due == 0 && planned == 0 && dirty == 0 && sending == 0 && unjudged == 0 }
}

/// Looks across tenants, for the dispatch role alone, in a transaction without a tenant.
extension Transaction {
    package mutating func hasAnyCase() throws(PostgresError) -> Bool {
        try row("dispatch_case_exists")("has_case")
    }

    /// Where messages of any tenant could go.
    package mutating func everyGatewayAddress() throws(PostgresError) -> [(host: String, port: Int)] {
        try rows("dispatch_gateways").map { row throws(PostgresError) in (try row("host"), try row("port")) }
    }

    /// When anything happens next; `nil` when nothing is planned.
    package mutating func nextDue(after instant: Instant) throws(PostgresError) -> Instant? {
        try row("dispatch_next_due", instant).optional("due_at")
    }

    package mutating func unsettled(at now: Instant) throws(PostgresError) -> Unsettled {
        let row = try row("dispatch_unsettled", now)
        return Unsettled(
            due: try row("due"), planned: try row("planned"), dirty: try row("dirty"), sending: try row("sending"),
            unjudged: try row("unjudged"))
    }

    /// Messages that left, or may have, since the beginning.
    package mutating func sentCount() throws(PostgresError) -> Int {
        try row("dispatch_sent")("sent")
    }
}
