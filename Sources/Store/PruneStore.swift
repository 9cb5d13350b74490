package import Dunning
import Foundation
package import Postgres

/// Keys are ordered by time (UUIDv7): what is older than an instant is a range of the primary key, and needs no index more.
extension Transaction {
    /// Tries of messages whose outcome is settled. How many went.
    package mutating func pruneAttempts(before instant: Instant, limit: Int) throws(PostgresError) -> Int {
        try run("prune_attempts", tenantID, Self.firstKey(at: instant), limit)
    }

    /// Steps passed over, and all steps of cases closed before. How many went.
    package mutating func pruneSteps(before instant: Instant, limit: Int) throws(PostgresError) -> Int {
        try run("prune_steps", tenantID, Self.firstKey(at: instant), instant, limit)
    }

    /// What simulations of before showed, and once that is gone they themselves. How much went.
    package mutating func pruneSimulations(before instant: Instant, limit: Int) throws(PostgresError) -> Int {
        let events = try run("simulation_prune_events", tenantID, Self.firstKey(at: instant), limit)
        return events > 0 ? events : try run("simulation_prune", tenantID, Self.firstKey(at: instant))
    }

    /// Workers dead for a day that hold nothing; in a transaction without a tenant.
    package mutating func forgetWorkers() throws(PostgresError) {
        _ = try rows("due_forget_workers")
    }

    /// The least key of a millisecond (RFC 9562, section 5.7).
    static func firstKey(at instant: Instant) -> UUID {
        let milliseconds = UInt64(max(0, instant.microseconds / 1_000))
        func byte(_ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: milliseconds >> shift) }
        return UUID(
            uuid: (byte(40), byte(32), byte(24), byte(16), byte(8), byte(0), 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0))
    }
}
