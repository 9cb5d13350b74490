import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import Queue

/// Works a tenant's internal jobs, one transaction each: a bad one is put off, its neighbours go on.
struct InternalLane: Sendable {
    let tenant: UUID
    let world: WorkerWorld

    func run() async {
        let worker = world.heartbeat.worker
        let jobs = InternalJobs(worker: worker)
        while !world.isDraining, world.heartbeat.worker == worker, !Task.isCancelled {
            let claims: [Claim]
            do {
                claims = try await world.queue.claim(
                    tenant: tenant, lane: tenant, worker: worker, now: world.timestamp, limit: 20)
            } catch {
                note(error, "claim failed")
                await releaseStrays(worker)
                return
            }
            if claims.isEmpty { return }
            for claim in claims { await run(claim, jobs) }
        }
    }

    private func run(_ claim: Claim, _ jobs: InternalJobs) async {
        do {
            switch claim.kind {
            case .drain:
                while try await once({ try jobs.drain(claim.lease, in: &$0, $1) }) {}
            case .fold:
                while try await once({ try jobs.fold(claim.lease, in: &$0, $1) }) {}
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
            do {
                let later = Timestamp(microseconds: world.now.adding(seconds: 30).microseconds)
                try await world.queue.release(
                    [claim.lease], tenant: tenant, worker: claim.lease.worker, runAt: later)
            } catch {
                note(error, "internal job could not be given back")
                await releaseStrays(claim.lease.worker)
            }
        }
    }

    private func once<R: Sendable>(
        _ body: @escaping @Sendable (inout Transaction, Context) throws -> R
    ) async throws -> R {
        let context = world.context(tenant)
        return try await world.work.write(as: .tenant(tenant)) { tx in try body(&tx, context) }
    }

    /// The database was away in between: give back whatever it says we hold, as soon as it answers.
    private func releaseStrays(_ worker: UUID) async {
        while !Task.isCancelled {
            do {
                let held = try await world.queue.held(tenant: tenant, lane: tenant, worker: worker)
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
