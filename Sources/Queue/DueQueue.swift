package import Foundation
package import Postgres

/// A lane with something to do now.
package struct ReadyLane: Hashable, Sendable {
    /// Mail or text messages of one gateway, a tenant's internal jobs, or its imports.
    package enum Kind: String, Sendable, PostgresValue { case mail, sms, `internal`, bulk }

    package let tenant: UUID
    package let lane: UUID
    package let kind: Kind
    package let isClaimable: Bool
    package let isStageable: Bool
}

/// A leased row, as the claim handed it out.
package struct Claim: Hashable, Sendable {
    package let lease: Lease
    package let kind: NewDue.Kind
    package let ref: UUID
    package let attempts: Int
}

/// What a dead worker left behind.
package struct Orphan: Sendable {
    package let tenant: UUID
    package let lane: UUID
    package let lease: Lease
    package let kind: NewDue.Kind
    package let isArmed: Bool
}

/// The hot queue of one home: staging, claiming, heartbeat, and the search for what the dead left behind.
///
/// `dispatch` looks across tenants, read only but for the heartbeat; `work` runs one tenant a transaction.
package struct DueQueue: Sendable {
    /// A worker silent for longer is dead (database time).
    package static let silenceSeconds = 30
    /// Steps due within this many microseconds are staged.
    package static let horizon: Int64 = 15 * 60 * 1_000_000

    private let dispatch: Database
    private let work: Database

    package init(dispatch: Database, work: Database) {
        self.dispatch = dispatch
        self.work = work
    }

    package func readyLanes(now: Timestamp, limit: Int) async throws -> [ReadyLane] {
        let horizon = Timestamp(microseconds: now.microseconds + Self.horizon)
        return try await dispatch.read(as: .none) { tx in
            try tx.rows("due_ready_lanes", now, horizon, limit).map { row in
                ReadyLane(
                    tenant: try row("tenant_id"), lane: try row("lane_id"), kind: try row("kind"),
                    isClaimable: try row("claimable"), isStageable: try row("stageable"))
            }
        }
    }

    package func stage(_ lane: ReadyLane, now: Timestamp, limit: Int) async throws -> Int {
        let horizon = Timestamp(microseconds: now.microseconds + Self.horizon)
        return try await work.write(as: .tenant(lane.tenant)) { tx in
            try tx.row("due_stage", tx.tenantID, lane.lane, horizon, limit)("staged")
        }
    }

    package func claim(
        tenant: UUID, lane: UUID, worker: UUID, now: Timestamp, limit: Int
    ) async throws -> [Claim] {
        try await work.write(as: .tenant(tenant)) { tx in
            try tx.rows("due_claim", tenant, lane, worker, now, limit).map { row in
                Claim(
                    lease: Lease(due: try row("due_id"), number: try row("lease"), worker: worker),
                    kind: try row("kind"), ref: try row("ref"), attempts: try row("attempt_no"))
            }
        }
    }

    /// Gives back what was claimed and never armed.
    package func release(_ leases: [Lease], tenant: UUID, worker: UUID, runAt: Timestamp) async throws {
        guard !leases.isEmpty else { return }
        _ = try await work.write(as: .tenant(tenant)) { tx in
            try tx.release(leases.map { ($0, runAt) }, worker: worker)
        }
    }

    /// What this worker holds in a lane, by the database: `true` when armed.
    package func held(tenant: UUID, lane: UUID, worker: UUID) async throws -> [Lease: Bool] {
        try await work.read(as: .tenant(tenant)) { tx in
            var held: [Lease: Bool] = [:]
            for row in try tx.rows("due_held", tenant, lane, worker) {
                let phase: Int = try row("phase")
                held[Lease(due: try row("due_id"), number: try row("lease"), worker: worker)] = phase == 2
            }
            return held
        }
    }

    /// Declares silent workers dead and lists what they hold.
    package func orphans(limit: Int) async throws -> [Orphan] {
        try await dispatch.write(as: .none) { tx in
            try tx.rows("due_orphans", Self.silenceSeconds, limit).map(Self.orphan)
        }
    }

    private static func orphan(_ row: Row) throws -> Orphan {
        let phase: Int = try row("phase")
        return Orphan(
            tenant: try row("tenant_id"), lane: try row("lane_id"),
            lease: Lease(due: try row("due_id"), number: try row("lease"), worker: try row("worker_id")),
            kind: try row("kind"), isArmed: phase == 2)
    }
}

extension NewDue.Kind: PostgresValue {}
