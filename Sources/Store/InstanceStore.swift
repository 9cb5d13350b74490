package import Dunning
package import Postgres

/// What `migrate` and the demonstration's clock do to the one row of the instance; without a tenant.
extension Transaction {
    /// Whether nothing was ever done in this database. Only the owner may ask.
    package mutating func isUnused() throws(PostgresError) -> Bool {
        try row("instance_is_empty")("is_empty")
    }

    /// Writes down which database this is.
    package mutating func nameInstance(environment: String, at now: Instant) throws(PostgresError) {
        let server = try row("instance_server")
        let (identifier, timeline): (String, Int64) = (try server("system_identifier"), try server("timeline"))
        try must("instance_add", identifier, timeline, environment, now)
    }

    /// Makes row-level security bind the owner of the tables as well.
    package mutating func forceRowSecurity() throws(PostgresError) {
        try run("instance_force_security")
    }

    /// Has the planner know of what was filled a moment ago; of how many tables it had to learn.
    ///
    /// In a transaction of its own: it keeps others from looking at the same tables until it ends.
    @discardableResult
    package mutating func analyzeGrown() throws(PostgresError) -> Int {
        try row("instance_analyze")("tables")
    }

    /// - Parameter offset: microseconds the product's clock is ahead of real time.
    package mutating func setClock(offset: Int64) throws(PostgresError) {
        try must("instance_clock_set", offset)
    }

    /// The outermost kill switch: nothing is sent, of nobody.
    package mutating func switchSystem(off isOff: Bool) throws(PostgresError) {
        try must("instance_switch", isOff)
    }

    package mutating func isSystemSwitchedOff() throws(PostgresError) -> Bool {
        try row("instance_is_off")("is_off")
    }

    /// When any worker was last heard of (database time).
    package mutating func lastHeartbeat() throws(PostgresError) -> Instant? {
        try first("instance_last_sign").flatMap { row throws(PostgresError) in try row.optional("heartbeat_at") }
    }
}
