import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import Queue

/// Works a tenant's imports, simulations and moves of cases, one after the other, beside everything else the tenant has to do.
struct BulkLane: Sendable {
    private let tenant: UUID
    private let lane: UUID
    private let world: WorkerWorld
    private let leases: LaneLeases

    init(_ lane: ReadyLane, world: WorkerWorld) {
        tenant = lane.tenant
        self.lane = lane.lane
        self.world = world
        leases = LaneLeases(tenant: tenant, lane: self.lane, world: world)
    }

    /// Whether there was anything to have.
    func run() async -> Bool {
        let worker = world.heartbeat.worker
        var hasWorked = false
        while !world.isDraining, world.heartbeat.worker == worker, !Task.isCancelled {
            do {
                let claims = try await world.queue.claim(
                    tenant: tenant, lane: lane, worker: worker, now: world.timestamp, limit: 1)
                guard let claim = claims.first else { return hasWorked }
                hasWorked = true
                await run(claim)
            } catch {
                leases.note(error, "claim failed")
                await leases.releaseStrays(of: worker)
                return true
            }
        }
        return true
    }

    private func run(_ claim: Claim) async {
        do {
            guard let outcome = try await outcome(of: claim) else {
                return await leases.orReleaseStrays(of: claim.lease.worker, "long work could not be given back") {
                    try await leases.giveBack([claim])
                }
            }
            // One that waits for a person is queued again by the answer.
            try await world.work.write(as: .tenant(tenant)) { tx in
                _ = try tx.finish([claim.lease], worker: claim.lease.worker)
            }
            world.counters.jobs.add(1, claim.kind.rawValue)
            world.logger.info(
                "long work", metadata: ["tenant": "\(tenant)", "kind": "\(claim.kind)", "outcome": "\(outcome)"])
        } catch {
            leases.note(error, "long work failed")
            // What it has done stays where it is until a replay.
            await leases.orReleaseStrays(of: claim.lease.worker, "long work could not be put off") {
                try await leases.putOff(claim, after: error)
            }
        }
    }

    /// `nil`: the worker is to stop, another goes on.
    private func outcome(of claim: Claim) async throws -> String? {
        let (world, tenant) = (world, tenant)
        let isStopping: @Sendable () -> Bool = {
            world.isDraining || world.heartbeat.worker != claim.lease.worker
        }
        switch claim.kind {
        case .simulate:
            let job = RunSimulation(ID(claim.ref), isStopping: isStopping)
            let outcome = try await job.run(on: world.bulk) { world.context(tenant) }
            return outcome == .stopped ? nil : "\(outcome)"
        case .move: return try await move(ID(claim.ref), isStopping)
        default:
            let job = RunImport(ID(claim.ref), isStopping: isStopping, pause: world.importPause)
            let outcome = try await job.run(on: world.bulk) { world.context(tenant) }
            return outcome == .stopped ? nil : "\(outcome)"
        }
    }

    /// Portion by portion; what is on the wire is waited for.
    private func move(_ version: ID<WorkflowVersion>, _ isStopping: @Sendable () -> Bool) async throws -> String? {
        let (world, tenant) = (world, tenant)
        while !isStopping() {
            let context = world.context(tenant)
            let progress = try await world.bulk.write(as: .tenant(tenant)) { tx in
                try MoveCases(to: version).step(in: &tx, context)
            }
            switch progress {
            case .moved: continue
            case .waiting: try await Task.sleep(for: .seconds(1))
            case .done: return "moved"
            }
        }
        return nil
    }
}
