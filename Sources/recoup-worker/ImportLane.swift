import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import Queue

/// Works a tenant's imports, one after the other, beside everything else the tenant has to do.
struct ImportLane: Sendable {
    let tenant: UUID
    let lane: UUID
    let world: WorkerWorld

    /// How long one that failed for reasons of its own rests.
    private static let rest = 30

    func run() async {
        let worker = world.heartbeat.worker
        while !world.isDraining, world.heartbeat.worker == worker, !Task.isCancelled {
            do {
                let claims = try await world.queue.claim(
                    tenant: tenant, lane: lane, worker: worker, now: world.timestamp, limit: 1)
                guard let claim = claims.first else { return }
                await run(claim)
            } catch {
                note(error, "claim failed")
                await releaseStrays(worker)
                return
            }
        }
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
            await giveBack(claim, after: Self.rest(after: error))
        }
    }

    private static func rest(after error: any Error) -> Int {
        switch (error as? PostgresError)?.kind {
        case .connect, .connectionLost, .lostAtCommit, .busy, .stopped, .cancelled: 1
        default: rest
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
