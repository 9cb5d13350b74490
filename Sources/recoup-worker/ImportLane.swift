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

    init(_ lane: ReadyLane, world: WorkerWorld) {
        tenant = lane.tenant
        self.lane = lane.lane
        self.world = world
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
                note(error, "claim failed")
                await releaseStrays(worker)
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
            guard outcome != .stopped else { return await giveBack(claim, after: 0) }
            // One that waits for a person is queued again by the answer.
            try await world.work.write(as: .tenant(tenant)) { tx in
                _ = try tx.finish([claim.lease], worker: claim.lease.worker)
            }
            world.counters.jobs.add(1, claim.kind.rawValue)
            world.logger.info("import", metadata: ["tenant": "\(tenant)", "outcome": "\(outcome)"])
        } catch {
            note(error, "import failed")
            if Failure.isPassing(error) { await giveBack(claim, after: 1) } else { await putOff(claim, error) }
        }
    }

    /// It rests, each time longer, and in the end is a dead letter: its rows stay where they are until a replay.
    private func putOff(_ claim: Claim, _ error: any Error) async {
        do {
            let failure = Failure(error, before: claim.failures, now: world.timestamp)
            let dead = try await world.queue.fail(
                [claim.lease], of: failure, tenant: tenant, worker: claim.lease.worker)
            world.counters.deadLetters.add(Double(dead), claim.kind.rawValue)
        } catch {
            note(error, "import could not be put off")
            await releaseStrays(claim.lease.worker)
        }
    }

    private func giveBack(_ claim: Claim, after seconds: Int) async {
        do {
            let later = Timestamp(microseconds: world.now.adding(seconds: seconds).microseconds)
            try await world.queue.release([claim.lease], tenant: tenant, worker: claim.lease.worker, runAt: later)
        } catch {
            note(error, "import could not be given back")
            await releaseStrays(claim.lease.worker)
        }
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
