package import Foundation
package import Postgres

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

    /// Lanes with something to claim, in fair order.
    ///
    /// - Parameter isFull: looks at everything; else only from each lane's floor on, which is quicker where much was done.
    package func readyLanes(now: Timestamp, isFull: Bool = true, limit: Int) async throws -> [ReadyLane] {
        try await dispatch.read(as: .none) { tx in
            try tx.rows("due_ready_lanes", now, isFull, limit).map { row in
                ReadyLane(
                    tenant: try row("tenant_id"), lane: try row("lane_id"), kind: try row("kind"),
                    weight: try row("weight"), start: try row("start"), isUrgent: try row("is_urgent"), isFull: isFull)
            }
        }
    }

    /// Lanes with planned steps that come near.
    package func stageableLanes(now: Timestamp, limit: Int) async throws -> [(tenant: UUID, lane: UUID)] {
        let horizon = Timestamp(microseconds: now.microseconds + Self.horizon)
        return try await dispatch.read(as: .none) { tx in
            try tx.rows("due_stageable_lanes", horizon, limit).map { row in (try row("tenant_id"), try row("lane_id")) }
        }
    }

    package func stage(tenant: UUID, lane: UUID, now: Timestamp, limit: Int) async throws -> Int {
        let horizon = Timestamp(microseconds: now.microseconds + Self.horizon)
        return try await work.write(as: .tenant(tenant)) { tx in
            try tx.row("due_stage", tx.tenantID, lane, horizon, limit)("staged")
        }
    }

    package func claim(
        tenant: UUID, lane: UUID, worker: UUID, now: Timestamp, limit: Int, turn: Turn = Turn()
    ) async throws -> [Claim] {
        try await work.write(as: .tenant(tenant)) { tx in
            try tx.rows(
                "due_claim", tenant, lane, worker, now, limit, turn.start, turn.isFull, turn.held, turn.flying
            ).map { row in
                Claim(
                    lease: Lease(due: try row("due_id"), number: try row("lease"), worker: worker),
                    kind: try row("kind"), ref: try row("ref"), attempts: try row("attempt_no"),
                    failures: try row("failures"), isUrgent: try row("is_urgent"), sessions: try row.optional("seats"))
            }
        }
    }

    /// This worker still uses sessions of the lane's gateway: how many it may use; nil while nobody can say.
    ///
    /// - Parameters: as in ``Turn``.
    package func keepSeats(tenant: UUID, lane: UUID, worker: UUID, held: Int, flying: Int) async throws -> Int? {
        try await work.write(as: .tenant(tenant)) { tx in
            try tx.row("due_keep_seats", tenant, lane, worker, held, flying).optional("seats")
        }
    }

    /// Gives leases back after a failure of ours: due again after a rest, or, failed too often, a dead letter. How many died.
    package func fail(_ leases: [Lease], of failure: Failure, tenant: UUID, worker: UUID) async throws -> Int {
        guard !leases.isEmpty else { return 0 }
        return try await work.write(as: .tenant(tenant)) { tx in
            try tx.rows(
                "due_fail", tenant, worker, leases.map(\.due), leases.map(\.number), failure.runAt, failure.now,
                failure.error, Failure.most
            ).count { try $0("is_dead") }
        }
    }

    /// Takes the next work of the instance as a whole that is due; nil when there is none.
    package func takePeriodic(worker: UUID) async throws -> String? {
        try await dispatch.write(as: .none) { tx in try tx.row("due_periodic", worker).optional("name") }
    }

    /// Gives back what was claimed and never armed. What turns out to be armed stays as it is, and is returned.
    @discardableResult
    package func release(_ leases: [Lease], tenant: UUID, worker: UUID, runAt: Timestamp) async throws -> [Lease] {
        guard !leases.isEmpty else { return [] }
        return try await work.write(as: .tenant(tenant)) { tx in
            let armed = try tx.armed(among: leases, worker: worker)
            _ = try tx.release(leases.filter { !armed.contains($0) }.map { ($0, runAt) }, worker: worker)
            return leases.filter(armed.contains)
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
