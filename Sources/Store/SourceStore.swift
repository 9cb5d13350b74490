package import Dunning
package import Postgres

/// Where receivables come from, as shown.
package struct SourceRecord: Sendable, Hashable {
    package let name: String
    package let lastSuccess: Instant?
    /// How long it may be silent before it counts as stale; nil: for ever.
    package let maxAgeHours: Int?
    package let createdAt: Instant

    init(_ row: Row) throws(PostgresError) {
        name = try row("source")
        lastSuccess = try row.optional("last_success_at")
        maxAgeHours = try row.optional("max_age_hours")
        createdAt = try row("created_at")
    }

    /// It should have been heard of by now.
    package func isStale(at now: Instant) -> Bool {
        staleFrom.map { $0 <= now } ?? false
    }

    /// When it has been silent for too long, if nothing comes before; nil: never.
    package var staleFrom: Instant? { maxAgeHours.map { (lastSuccess ?? createdAt).adding(hours: $0) } }
}

extension Transaction {
    /// - Parameter name: only those after it, in the order of names.
    package mutating func sources(after name: String = "", count: Int) throws(PostgresError) -> [SourceRecord] {
        try rows("source_page", tenantID, name, count).map { row throws(PostgresError) in try SourceRecord(row) }
    }

    package mutating func source(named name: String) throws(PostgresError) -> SourceRecord? {
        try first("source_by_name", tenantID, name).map { row throws(PostgresError) in try SourceRecord(row) }
    }

    package mutating func setAge(of source: String, hours: Int?, at now: Instant) throws(PostgresError) {
        try must("source_set_age", tenantID, source, hours, now)
    }

    /// The source has spoken. Among the last acts of a transaction: others wait for the row. True when it had been silent for
    /// too long, and that was told.
    package mutating func noteHeard(_ source: String, at now: Instant) throws(PostgresError) -> Bool {
        try first("source_heard", tenantID, source, now, now.adding(minutes: -1))
            .map { row throws(PostgresError) in try row("was_stale") } ?? false
    }
}
