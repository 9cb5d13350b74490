package import Dunning
package import Postgres
import Store

/// Puts the whole system on hold when the database is not the one it says it is (architecture 4.16): a restored dump, a
/// recovery, a promotion, or the wrong environment. `recoup doctor --adopt` is the one way out.
package enum InstanceGuard {
    /// Whether the whole system holds, whatever for.
    package static func isOnHold(_ dispatch: Database) async throws -> Bool {
        try await dispatch.read(as: .none) { tx in
            let reason: String? = try tx.row("instance_standing").optional("hold_reason")
            return reason != nil
        }
    }

    /// The last heartbeat in this copy, by the product's clock; noted before a worker of ours can beat again.
    private static func restorePoint(in tx: inout Transaction) throws -> Instant? {
        let row = try tx.row("instance_last_sign")
        let beat: Instant? = try row.optional("heartbeat_at")
        let offset: Int64 = try row("clock_offset_us")
        return beat?.adding(microseconds: offset)
    }

    /// Why the system holds; nil when all is well. Checked at the start of every program.
    package static func check(_ dispatch: Database, environment: String, now: Instant) async throws -> String? {
        try await dispatch.write(as: .none) { tx in
            let row = try tx.row("instance_standing")
            if let held: String = try row.optional("hold_reason") { return held }
            let identifier: String = try row("system_identifier")
            let server: String = try row("server_identifier")
            let timeline: Int64 = try row("timeline")
            let serverTimeline: Int64 = try row("server_timeline")
            let recorded: String = try row("environment")
            var reason: String?
            if identifier != server {
                reason = "this data was restored into another database cluster"
            } else if timeline != serverTimeline {
                reason = "the database was recovered or promoted (timeline \(timeline), now \(serverTimeline))"
            } else if recorded != environment {
                reason = "the data belong to environment '\(recorded)', this program runs in '\(environment)'"
            }
            // No row is reached where another program, started at the same moment, has put it on hold already.
            if let reason { try tx.run("instance_hold", reason, now, try restorePoint(in: &tx)) }
            return reason
        }
    }
}
