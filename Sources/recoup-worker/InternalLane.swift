import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import Queue
import Store

/// Works a tenant's internal jobs, one transaction each: a bad one is put off, its neighbours go on.
struct InternalLane: Sendable {
    private let tenant: UUID
    private let lane: UUID
    private let weight: Int
    private let world: WorkerWorld
    private let leases: LaneLeases

    init(_ lane: ReadyLane, world: WorkerWorld) {
        tenant = lane.tenant
        self.lane = lane.lane
        weight = lane.weight
        self.world = world
        leases = LaneLeases(tenant: tenant, lane: self.lane, world: world)
    }

    /// Whether there was anything to have.
    func run() async -> Bool {
        let worker = world.heartbeat.worker
        var hasWorked = false
        let jobs = InternalJobs(worker: worker, templates: world.templates)
        while !world.isDraining, world.heartbeat.worker == worker, !Task.isCancelled {
            let claims: [Claim]
            do {
                claims = try await world.queue.claim(
                    tenant: tenant, lane: lane, worker: worker, now: world.timestamp, limit: 20)
            } catch {
                leases.note(error, "claim failed")
                await leases.releaseStrays(of: worker)
                return true
            }
            if claims.isEmpty { return hasWorked }
            hasWorked = true
            for (index, claim) in claims.enumerated() {
                guard !world.isDraining else {
                    await giveBack(Array(claims[index...]))
                    break
                }
                await run(claim, jobs)
            }
        }
        return true
    }

    private func run(_ claim: Claim, _ jobs: InternalJobs) async {
        do {
            switch claim.kind {
            case .drain:
                try await drain(claim, jobs)
                if world.isDraining { await giveBack([claim]) }
            case .plan:
                try await once { try jobs.plan(claim.lease, customer: ID(claim.ref), in: &$0, $1) }
            case .prune:
                try await portions(claim) { [retention = world.retention] in
                    try jobs.prune(claim.lease, keeping: retention, in: &$0, $1)
                }
            case .fold: try await portions(claim) { try jobs.fold(claim.lease, in: &$0, $1) }
            case .judge: try await portions(claim) { try jobs.judge(claim.lease, in: &$0, $1) }
            case .reassign:
                try await portions(claim) { try jobs.reassign(claim.lease, run: ID(claim.ref), in: &$0, $1) }
            case .watch: try await portions(claim) { try jobs.watch(claim.lease, in: &$0, $1) }
            case .settle:
                try await once { try jobs.settle(claim.lease, message: ID(claim.ref), in: &$0, $1) }
            case .wake:
                try await once { try jobs.wake(claim.lease, case: ID(claim.ref), in: &$0, $1) }
            case .step:
                try await once { try jobs.step(claim.lease, in: &$0, $1) }
            case .import, .simulate, .move, .note:
                preconditionFailure("long work and apologies have lanes of their own")
            }
            world.counters.jobs.add(1, claim.kind.rawValue)
        } catch {
            leases.note(error, "internal job failed")
            await leases.orReleaseStrays(of: claim.lease.worker, "internal job could not be put off") {
                try await leases.putOff(claim, after: error)
            }
        }
    }

    /// One portion after another until none is left; a worker that ends gives back what it has not finished.
    private func portions(
        _ claim: Claim, _ portion: @escaping @Sendable (inout Transaction, Context) throws -> Bool
    ) async throws {
        while try await once(portion), !world.isDraining {}
        if world.isDraining { await giveBack([claim]) }
    }

    /// Batch by batch until nothing is dirty. Where one batch is not enough, two halves of the customers are worked at side by
    /// side: while one transaction waits for the disk, or is planned here, the database has the other.
    private func drain(_ claim: Claim, _ jobs: InternalJobs) async throws {
        var isMuch = false
        while !world.isDraining,
            try await batch(of: nil, after: nil, jobs, { try jobs.drain(claim.lease, in: &$0, $1) }) != nil
        {
            if isMuch {
                try await withThrowingTaskGroup(of: Void.self) { halves in
                    for half in CustomerHalf.allCases { halves.addTask { try await drain(half, jobs) } }
                    try await halves.waitForAll()
                }
            }
            isMuch = true
        }
    }

    /// Once through a half. What is marked behind the place that was reached waits for the next look at all.
    private func drain(_ half: CustomerHalf, _ jobs: InternalJobs) async throws {
        var reached: ID<Enrolment>?
        repeat {
            reached = try await batch(of: half, after: reached, jobs) { [reached] in
                try jobs.drain(half: half, after: reached, in: &$0, $1)
            }
        } while reached != nil && !world.isDraining
    }

    /// One batch; one that cannot be planned together is taken apart, so that the bad one sinks alone.
    private func batch(
        of half: CustomerHalf?, after place: ID<Enrolment>?, _ jobs: InternalJobs,
        _ drain: @escaping @Sendable (inout Transaction, Context) throws -> ID<Enrolment>?
    ) async throws -> ID<Enrolment>? {
        do {
            return try await once(drain)
        } catch  where !Failure.isPassing(error) {
            leases.note(error, "cases could not be planned together")
            guard let last = try await once({ try jobs.scatter(half: half, after: place, in: &$0, $1) }) else {
                throw error
            }
            return last
        }
    }

    /// The worker ends: what it has not begun, or not finished, is another's.
    private func giveBack(_ claims: [Claim]) async {
        do { try await leases.giveBack(claims) } catch { leases.note(error, "internal jobs could not be given back") }
    }

    private func once<R: Sendable>(
        _ body: @escaping @Sendable (inout Transaction, Context) throws -> R
    ) async throws -> R {
        guard await world.jobTurns.enter(tenant, weight: weight, wanting: 1) > 0 else { throw CancellationError() }
        defer { world.jobTurns.leave(granted: 1, armed: 0) }
        let context = world.context(tenant)
        return try await world.work.write(as: .tenant(tenant)) { tx in try body(&tx, context) }
    }
}
