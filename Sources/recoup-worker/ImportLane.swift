import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import Queue

/// Works a tenant's imports, one after the other, beside everything else the tenant has to do.
struct ImportLane: Sendable {
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
        let (world, tenant) = (world, tenant)
        let job = RunImport(
            ID(claim.ref),
            isStopping: { world.isDraining || world.heartbeat.worker != claim.lease.worker },
            pause: world.importPause)
        do {
            let outcome = try await job.run(on: world.bulk) { world.context(tenant) }
            guard outcome != .stopped else {
                return await leases.orReleaseStrays(of: claim.lease.worker, "import could not be given back") {
                    try await leases.giveBack([claim])
                }
            }
            // One that waits for a person is queued again by the answer.
            try await world.work.write(as: .tenant(tenant)) { tx in
                _ = try tx.finish([claim.lease], worker: claim.lease.worker)
            }
            world.counters.jobs.add(1, claim.kind.rawValue)
            world.logger.info("import", metadata: ["tenant": "\(tenant)", "outcome": "\(outcome)"])
        } catch {
            leases.note(error, "import failed")
            // Its rows stay where they are until a replay.
            await leases.orReleaseStrays(of: claim.lease.worker, "import could not be put off") {
                try await leases.putOff(claim, after: error)
            }
        }
    }
}
