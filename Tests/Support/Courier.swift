package import Dunning
package import Foundation
package import Operations
import Postgres
package import Queue
import Store

/// A worker without a wire, for one tenant: it claims, arms and records as the program does, and the test says how the wire ended.
package struct Courier: Sendable {
    package let tenant: TestTenant
    package let worker: UUID
    package let queue: DueQueue
    /// Of the tenant's mail gateway, unless a test works another.
    package var lane: UUID
    package var gate: ArmBatch.Gatekeeper = { Gate.verdict(for: $0, given: $1, now: $2) }
    package var pause: @Sendable (ArmBatch.Moment) -> Void = { _ in }
    private let templates = TemplateCache()

    package init(of tenant: TestTenant, worker: UUID = UUID()) throws {
        self.tenant = tenant
        self.worker = worker
        lane = tenant.gateway.uuid
        queue = DueQueue(
            dispatch: try tenant.database.database(.dispatch), work: try tenant.database.database(.worker))
    }

    /// Brings near what is due by now, and claims what is due in the lane of the tenant's gateway.
    package func claim(at now: Instant = TestTenant.now, limit: Int = 100) async throws -> [Claim] {
        try await stage(lane, at: now)
        return try await queue.claim(
            tenant: tenant.id.uuid, lane: lane, worker: worker, now: now.timestamp, limit: limit)
    }

    /// How many planned steps came into the queue.
    @discardableResult
    package func stage(_ lane: UUID, at now: Instant = TestTenant.now, limit: Int = 1_000) async throws -> Int {
        let horizon = now.adding(minutes: 15)
        return try await tenant.write(as: .worker, at: now) { tx, _ in
            try tx.row("due_stage", tx.tenantID, lane, horizon, limit)("staged")
        }
    }

    package func arm(_ claims: [Claim], at now: Instant = TestTenant.now) async throws -> ArmBatch.Result {
        try await arm(claims.map(\.lease), at: now)
    }

    package func arm(_ leases: [Lease], at now: Instant = TestTenant.now) async throws -> ArmBatch.Result {
        let batch = ArmBatch(worker: worker, templates: templates, gate: gate, pause: pause)
        return try await tenant.write(as: .worker, at: now) { tx, context in try batch.run(leases, in: &tx, context) }
    }

    /// Claims and arms what is due.
    package func arm(at now: Instant = TestTenant.now) async throws -> ArmBatch.Result {
        try await arm(try await claim(at: now), at: now)
    }

    /// Records how these messages ended; how many of the reports still counted.
    @discardableResult
    package func record(
        _ result: DeliveryReport.Result, of armed: [ArmedMessage], code: Int = 0, reply: String = "",
        at now: Instant = TestTenant.now
    ) async throws -> Int {
        try await record(
            armed.map {
                DeliveryReport(lease: $0.lease, attempt: $0.attempt, result: result, code: code, reply: reply)
            }, at: now)
    }

    @discardableResult
    package func record(_ reports: [DeliveryReport], at now: Instant = TestTenant.now) async throws -> Int {
        let (worker, lane) = (worker, lane)
        return try await tenant.write(as: .worker, at: now) { tx, context in
            var generator = SeededGenerator(seed: 1)
            return try RecordOutcomes(worker: worker).run(reports, lane: lane, in: &tx, context, using: &generator)
                .count
        }
    }

    /// Sends all that is due and may go; the server accepts everything.
    @discardableResult
    package func deliver(at now: Instant = TestTenant.now) async throws -> [ArmedMessage] {
        let armed = try await arm(at: now).armed
        try await record(.accepted, of: armed, code: 250, at: now)
        return armed
    }

    /// Works the tenant's own lanes until nothing is due there: drains, settlements, waits, call tasks, rollups. How many jobs
    /// it did.
    @discardableResult
    package func workInternalLane(at now: Instant = TestTenant.now) async throws -> Int {
        try await stage(tenant.id.uuid, at: now)
        try await tenant.write(as: .worker, at: now) { tx, context in
            // As upkeep does, where there is any.
            guard try !tx.promisesToJudge(at: now, limit: 1).isEmpty || !tx.plansToJudge(at: now, limit: 1).isEmpty
            else { return }
            try JudgeAgreements.queue(in: &tx, context)
        }
        let upkeep = try await tenant.write(as: .worker, at: now) { tx, _ in try tx.lane(.upkeep) }
        return try await work(tenant.id.uuid, at: now) + work(upkeep, at: now)
    }

    private func work(_ lane: UUID, at now: Instant) async throws -> Int {
        let (id, jobs) = (tenant.id.uuid, InternalJobs(worker: worker))
        var done = 0
        while true {
            let claims = try await queue.claim(tenant: id, lane: lane, worker: worker, now: now.timestamp, limit: 20)
            if claims.isEmpty { return done }
            for claim in claims {
                switch claim.kind {
                case .drain:
                    while try await tenant.write(
                        as: .worker, at: now, { tx, context in try jobs.drain(claim.lease, in: &tx, context) }) != nil
                    {}
                case .fold:
                    while try await tenant.write(
                        as: .worker, at: now, { tx, context in try jobs.fold(claim.lease, in: &tx, context) })
                    {}
                case .judge:
                    while try await tenant.write(
                        as: .worker, at: now, { tx, context in try jobs.judge(claim.lease, in: &tx, context) })
                    {}
                case .watch:
                    while try await tenant.write(
                        as: .worker, at: now, { tx, context in try jobs.watch(claim.lease, in: &tx, context) })
                    {}
                case .settle:
                    try await tenant.write(as: .worker, at: now) { tx, context in
                        try jobs.settle(claim.lease, message: ID(claim.ref), in: &tx, context)
                    }
                case .step:
                    try await tenant.write(as: .worker, at: now) { tx, context in
                        try jobs.step(claim.lease, in: &tx, context)
                    }
                case .plan:
                    try await tenant.write(as: .worker, at: now) { tx, context in
                        try jobs.plan(claim.lease, customer: ID(claim.ref), in: &tx, context)
                    }
                case .wake:
                    try await tenant.write(as: .worker, at: now) { tx, context in
                        try jobs.wake(claim.lease, case: ID(claim.ref), in: &tx, context)
                    }
                case .prune:
                    while try await tenant.write(
                        as: .worker, at: now,
                        { tx, context in try jobs.prune(claim.lease, keeping: 730, in: &tx, context) })
                    {}
                case .reassign:
                    while try await tenant.write(
                        as: .worker, at: now,
                        { tx, context in try jobs.reassign(claim.lease, run: ID(claim.ref), in: &tx, context) })
                    {}
                case .import, .simulate, .move, .note: throw TestServer.Unusable("long work in the internal lane")
                }
                done += 1
            }
        }
    }
}
