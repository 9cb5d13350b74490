import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import Queue

/// Works a tenant's internal jobs, one transaction each: a bad one is put off, its neighbours go on.
struct InternalLane: Sendable {
    private let tenant: UUID
    private let lane: UUID
    private let weight: Int
    private let world: WorkerWorld

    init(_ lane: ReadyLane, world: WorkerWorld) {
        tenant = lane.tenant
        self.lane = lane.lane
        weight = lane.weight
        self.world = world
    }

    /// Whether there was anything to have.
    func run() async -> Bool {
        let worker = world.heartbeat.worker
        var hasWorked = false
        let jobs = InternalJobs(worker: worker)
        while !world.isDraining, world.heartbeat.worker == worker, !Task.isCancelled {
            let claims: [Claim]
            do {
                claims = try await world.queue.claim(
                    tenant: tenant, lane: lane, worker: worker, now: world.timestamp, limit: 20)
            } catch {
                note(error, "claim failed")
                await releaseStrays(worker)
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
                while try await drain(claim, jobs), !world.isDraining {}
                if world.isDraining { await giveBack([claim]) }
            case .plan:
                try await once { try jobs.plan(claim.lease, customer: ID(claim.ref), in: &$0, $1) }
            case .prune:
                while try await once({ [retention = world.retention] in
                    try jobs.prune(claim.lease, keeping: retention, in: &$0, $1)
                }), !world.isDraining {}
                if world.isDraining { await giveBack([claim]) }
            case .fold:
                while try await once({ try jobs.fold(claim.lease, in: &$0, $1) }), !world.isDraining {}
                if world.isDraining { await giveBack([claim]) }
            case .settle:
                try await once { try jobs.settle(claim.lease, message: ID(claim.ref), in: &$0, $1) }
            case .step:
                try await once { try jobs.step(claim.lease, in: &$0, $1) }
            case .import:
                preconditionFailure("imports have a lane of their own")
            }
            world.counters.jobs.add(1, claim.kind.rawValue)
        } catch {
            note(error, "internal job failed")
            await putOff(claim, error)
        }
    }

    /// One batch; one that cannot be planned together is taken apart, so that the bad one sinks alone.
    private func drain(_ claim: Claim, _ jobs: InternalJobs) async throws -> Bool {
        do {
            return try await once { try jobs.drain(claim.lease, in: &$0, $1) }
        } catch  where !Failure.isPassing(error) {
            note(error, "cases could not be planned together")
            guard try await once({ try jobs.scatter(claim.lease, in: &$0, $1) }) else { throw error }
            return true
        }
    }

    /// It rests, each time longer, and in the end is a dead letter; what was of the moment only is tried again soon.
    private func putOff(_ claim: Claim, _ error: any Error) async {
        do {
            if Failure.isPassing(error) {
                let soon = Timestamp(microseconds: world.now.adding(seconds: 1).microseconds)
                try await world.queue.release([claim.lease], tenant: tenant, worker: claim.lease.worker, runAt: soon)
                return
            }
            let failure = Failure(error, before: claim.failures, now: world.timestamp)
            let dead = try await world.queue.fail(
                [claim.lease], of: failure, tenant: tenant, worker: claim.lease.worker)
            world.counters.deadLetters.add(Double(dead), claim.kind.rawValue)
        } catch {
            note(error, "internal job could not be given back")
            await releaseStrays(claim.lease.worker)
        }
    }

    /// The worker ends: what it has not begun, or not finished, is another's.
    private func giveBack(_ claims: [Claim]) async {
        guard let worker = claims.first?.lease.worker else { return }
        do {
            try await world.queue.release(
                claims.map(\.lease), tenant: tenant, worker: worker, runAt: world.timestamp)
        } catch {
            note(error, "internal jobs could not be given back")
        }
    }

    private func once<R: Sendable>(
        _ body: @escaping @Sendable (inout Transaction, Context) throws -> R
    ) async throws -> R {
        guard await world.jobTurns.enter(tenant, weight: weight, wanting: 1) > 0 else { throw CancellationError() }
        defer { world.jobTurns.leave(granted: 1, armed: 0) }
        let context = world.context(tenant)
        return try await world.work.write(as: .tenant(tenant)) { tx in try body(&tx, context) }
    }

    /// The database was away in between: give back whatever it says we hold, as soon as it answers.
    private func releaseStrays(_ worker: UUID) async {
        while !Task.isCancelled {
            do {
                let held = try await world.queue.held(tenant: tenant, lane: lane, worker: worker)
                try await world.queue.release(
                    Array(held.keys), tenant: tenant, worker: worker, runAt: world.timestamp)
                return
            } catch {
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    private func note(_ error: any Error, _ what: Logger.Message) {
        world.counters.databaseErrors.add(1, (error as? PostgresError)?.label ?? "other")
        world.logger.warning(what, metadata: ["tenant": "\(tenant)", "error": "\(error)"])
    }
}
