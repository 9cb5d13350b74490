package import Dunning
package import Foundation
package import Postgres

/// A lane as operators see it.
package struct LaneRecord: Sendable, Hashable {
    package let tenant: ID<Tenant>
    package let tenantName: String
    package let lane: UUID
    package let kind: String
    package let weight: Int
    package let due: Int
    package let claimed: Int
    package let armed: Int
    package let dead: Int
    package let oldestDue: Instant?
    /// By its gateway, which refused us.
    package let pausedUntil: Instant?
    package let pausedReason: String?
    /// By an operator.
    package let heldReason: String?

    /// The gateway whose lane it is; nil for the lanes of jobs.
    package var gateway: ID<Gateway>? { ["internal", "bulk", "upkeep"].contains(kind) ? nil : ID(lane) }
}

/// A step or a job given up after failing too often for reasons of ours.
package struct DeadLetter: Sendable, Hashable {
    package let id: ID<DueJob>
    package let tenant: ID<Tenant>
    package let lane: UUID
    package let laneKind: String
    package let kind: String
    /// The step, message, customer or import it is about.
    package let subject: UUID
    package let failures: Int
    package let error: String?
    package let failedAt: Instant?
}

/// A worker process as the database knows it.
package struct WorkerRecord: Sendable, Hashable {
    package let id: ID<WorkerProcess>
    package let host: String
    package let startedAt: Instant
    package let silentSeconds: Int
    package let isDead: Bool
    package let leases: Int
}

/// Which lanes of a tenant are meant.
package enum LaneChoice: Sendable, Hashable {
    case all
    case gateway(ID<Gateway>)
    /// `mail`, `internal`, `bulk` …
    case kind(String)

    var gateway: ID<Gateway>? { if case .gateway(let id) = self { id } else { nil } }
    var kind: String? { if case .kind(let kind) = self { kind } else { nil } }
}

/// Looks over all tenants or one, for the dispatch role alone, in a transaction without a tenant.
extension Transaction {
    package mutating func lanes(
        of tenant: ID<Tenant>?, at now: Instant, count: Int
    ) throws(PostgresError) -> [LaneRecord] {
        var found: [LaneRecord] = []
        for row in try rows("queue_lanes", now, tenant, count) {
            found.append(
                LaneRecord(
                    tenant: try row("tenant_id"), tenantName: try row("tenant_name"), lane: try row("lane_id"),
                    kind: try row("kind"), weight: try row("weight"), due: try row("due"), claimed: try row("claimed"),
                    armed: try row("armed"), dead: try row("dead"), oldestDue: try row.optional("oldest_due"),
                    pausedUntil: try row.optional("paused_until"), pausedReason: try row.optional("paused_reason"),
                    heldReason: try row.optional("held_reason")))
        }
        return found
    }

    package mutating func deadLetters(of tenant: ID<Tenant>?, count: Int) throws(PostgresError) -> [DeadLetter] {
        var found: [DeadLetter] = []
        for row in try rows("queue_dead", tenant, count) {
            found.append(
                DeadLetter(
                    id: try row("due_id"), tenant: try row("tenant_id"), lane: try row("lane_id"),
                    laneKind: try row("lane_kind"), kind: try row("kind"), subject: try row("ref"),
                    failures: try row("failures"), error: try row.optional("error"),
                    failedAt: try row.optional("failed_at")))
        }
        return found
    }

    package mutating func workers() throws(PostgresError) -> [WorkerRecord] {
        var found: [WorkerRecord] = []
        for row in try rows("queue_workers") {
            found.append(
                WorkerRecord(
                    id: try row("worker_id"), host: try row("host"), startedAt: try row("started_at"),
                    silentSeconds: try row("silent_seconds"), isDead: try row("dead"), leases: try row("leases")))
        }
        return found
    }

    /// How many messages of each tenant nobody knows the outcome of, and since when.
    package mutating func unknownCounts(
        of tenant: ID<Tenant>?
    ) throws(PostgresError) -> [(tenant: ID<Tenant>, messages: Int, oldest: Instant)] {
        var found: [(tenant: ID<Tenant>, messages: Int, oldest: Instant)] = []
        for row in try rows("queue_unknown", MessageState.unknown.rawValue, tenant) {
            found.append((try row("tenant_id"), try row("messages"), try row("oldest")))
        }
        return found
    }
}

/// What operators do to one tenant's lanes.
extension Transaction {
    /// How many lanes were paused.
    package mutating func holdLanes(_ choice: LaneChoice, reason: String) throws(PostgresError) -> Int {
        try rows("queue_hold", tenantID, choice.gateway, choice.kind, reason).count
    }

    /// How many lanes go on.
    package mutating func resumeLanes(_ choice: LaneChoice) throws(PostgresError) -> Int {
        try rows("queue_resume", tenantID, choice.gateway, choice.kind).count
    }

    /// Brings dead letters back, all or those named.
    package mutating func replay(_ ids: [ID<DueJob>]?, at now: Instant) throws(PostgresError) -> [ID<DueJob>] {
        try rows("queue_replay", tenantID, ids, now).map { row throws(PostgresError) in try row("due_id") }
    }

    package mutating func hurry(_ step: ID<StepRun>, at now: Instant) throws(PostgresError) {
        try must("queue_hurry", tenantID, step, now)
    }

    package mutating func setWeight(_ weight: Int) throws(PostgresError) {
        try must("queue_weight", tenantID, weight)
    }
}
