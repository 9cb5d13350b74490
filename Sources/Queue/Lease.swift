package import Foundation
package import Postgres

/// A due row leased to a worker. The lease number comes from the lane's row and fences everything done with it.
package struct Lease: Hashable, Sendable {
    package let due: UUID
    package let number: Int64
    package let worker: UUID

    package init(due: UUID, number: Int64, worker: UUID) {
        self.due = due
        self.number = number
        self.worker = worker
    }
}

extension Transaction {
    /// Arms leased rows of one worker; only those returned are still ours.
    package mutating func arm(_ leases: [Lease], worker: UUID) throws(PostgresError) -> Set<UUID> {
        guard !leases.isEmpty else { return [] }
        return try dueIDs("due_arm", [tenantID, worker, leases.map(\.due), leases.map(\.number)])
    }

    /// Ends leases of one worker; a row not returned was fenced.
    package mutating func finish(_ leases: [Lease], worker: UUID) throws(PostgresError) -> Set<UUID> {
        guard !leases.isEmpty else { return [] }
        return try dueIDs("due_finish", [tenantID, worker, leases.map(\.due), leases.map(\.number)])
    }

    /// Gives leased rows back, each due again at its instant. `burning` keeps the attempt an arm counted.
    package mutating func release(
        _ leases: [(Lease, some PostgresValue)], worker: UUID, burning: Bool = false
    ) throws(PostgresError) -> Set<UUID> {
        guard !leases.isEmpty else { return [] }
        return try dueIDs(
            "due_release",
            [tenantID, worker, leases.map(\.0.due), leases.map(\.0.number), leases.map(\.1), burning])
    }

    /// Those of one worker's leases that are armed. Their rows are locked, so it holds until this transaction ends: a worker
    /// need not have heard of its own last commit, and one that is taken for dead may still arm.
    package mutating func armed(among leases: [Lease], worker: UUID) throws(PostgresError) -> Set<Lease> {
        guard !leases.isEmpty else { return [] }
        var armed: Set<Lease> = []
        for row in try rows("due_armed_among", tenantID, worker, leases.map(\.due), leases.map(\.number)) {
            let phase: Int = try row("phase")
            if phase == 2 { armed.insert(Lease(due: try row("due_id"), number: try row("lease"), worker: worker)) }
        }
        return armed
    }

    private mutating func dueIDs(
        _ query: String, _ parameters: [(any PostgresValue)?]
    ) throws(PostgresError) -> Set<UUID> {
        var ids: Set<UUID> = []
        for row in try rows(query, list: parameters) { ids.insert(try row("due_id")) }
        return ids
    }
}
