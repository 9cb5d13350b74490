package import Foundation
package import Postgres

/// A lane a tenant has one of, opened when it is first needed.
package enum SideLane: String, Sendable {
    /// Imports: they take long, and nothing else waits for them.
    case bulk
    /// Rollups and pruning: they may wait, and nothing waits for them.
    case upkeep
}

extension Transaction {
    /// The id of a lane, made when there is none.
    package mutating func lane(_ lane: SideLane) throws(PostgresError) -> UUID {
        if let row = try first("lane_of_kind", tenantID, lane.rawValue) { return try row("lane_id") }
        try run("lane_add", tenantID, UUID(), lane.rawValue)
        return try row("lane_of_kind", tenantID, lane.rawValue)("lane_id")
    }
}
