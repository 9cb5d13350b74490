import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import Queue

/// What a worker does with claims of a lane it cannot see through: it gives them back, or puts them off.
struct LaneLeases: Sendable {
    let tenant: UUID
    let lane: UUID
    let world: WorkerWorld

    /// How long a commit may be under way whose connection has broken: as long as it may wait for a lock.
    static let secondLook = Duration.seconds(2)

    /// Another may have them, in so many seconds. Whatever cannot be given back is found by the rescue, once this worker is
    /// silent, or by ``releaseStrays(of:)``.
    func giveBack(_ claims: [Claim], after seconds: Int = 0) async throws {
        guard let worker = claims.first?.lease.worker else { return }
        let runAt = Timestamp(microseconds: world.now.adding(seconds: seconds).microseconds)
        try await world.queue.release(claims.map(\.lease), tenant: tenant, worker: worker, runAt: runAt)
    }

    /// What failed for a reason of its own rests, each time longer, and in the end is a dead letter that waits for a replay;
    /// what was of the moment only is tried again in a second.
    func putOff(_ claim: Claim, after error: any Error) async throws {
        guard !Failure.isPassing(error) else { return try await giveBack([claim], after: 1) }
        let failure = Failure(error, before: claim.failures, now: world.timestamp)
        let dead = try await world.queue.fail([claim.lease], of: failure, tenant: tenant, worker: claim.lease.worker)
        world.counters.deadLetters.add(Double(dead), claim.kind.rawValue)
    }

    /// Does it; should the database be away, everything it then says we hold goes back, for nothing here is in the air.
    func orReleaseStrays(of worker: UUID, _ what: Logger.Message, _ body: () async throws -> Void) async {
        do { try await body() } catch {
            note(error, what)
            await releaseStrays(of: worker)
        }
    }

    /// The database was away in between: give back whatever it says we hold, as soon as it answers; and what a commit under
    /// way then has added, soon after.
    func releaseStrays(of worker: UUID) async {
        await release(of: worker)
        guard !world.isDraining else { return }
        try? await Task.sleep(for: Self.secondLook)
        await release(of: worker)
    }

    private func release(of worker: UUID) async {
        while !Task.isCancelled {
            do {
                let held = try await world.queue.held(tenant: tenant, lane: lane, worker: worker)
                try await world.queue.release(Array(held.keys), tenant: tenant, worker: worker, runAt: world.timestamp)
                return
            } catch {
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    func note(_ error: any Error, _ what: Logger.Message) {
        world.counters.databaseErrors.add(1, (error as? PostgresError)?.label ?? "other")
        world.logger.warning(what, metadata: ["tenant": "\(tenant)", "lane": "\(lane)", "error": "\(error)"])
    }
}
