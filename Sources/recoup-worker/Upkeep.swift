import Dunning
import Foundation
import Logging
import Operations
import Postgres
import Queue
import Store

/// What is done for the instance as a whole, by turns: one worker at a time, whichever comes first.
struct Upkeep: Sendable {
    enum Work: String, CaseIterable { case rescue, fold, prune, judge }

    /// Leases of the dead that are looked at in one go.
    private static let batch = 1_000

    /// A lane in which a dead worker held something.
    private struct Bereft: Hashable {
        let tenant: UUID
        let lane: UUID
        let worker: UUID
    }

    let world: WorkerWorld

    func run(_ work: Work) async throws {
        switch work {
        case .rescue: try await rescue()
        case .fold: try await queueFolds()
        case .prune: try await queuePruning()
        case .judge: try await queueJudging()
        }
    }

    /// Takes over what dead workers held: unarmed goes back to the queue, armed becomes unknown.
    func rescue() async throws {
        // On hold nothing is settled: a restored copy must not decide what the original did.
        guard try await !InstanceGuard.isOnHold(world.dispatch) else { return }
        // A worker with many lanes leaves ten thousand claims behind: on until there are no more, or none can be taken over.
        while !world.isDraining {
            let orphans = try await world.queue.orphans(limit: Self.batch)
            let groups = Dictionary(grouping: orphans) {
                Bereft(tenant: $0.tenant, lane: $0.lane, worker: $0.lease.worker)
            }
            var isStuck = true
            for (key, orphans) in groups {
                // One lane that cannot be rescued now keeps no other waiting; it comes again in five seconds.
                do {
                    try await rescue(orphans, of: key)
                    isStuck = false
                } catch {
                    world.logger.warning(
                        "a dead worker's leases could not be taken over",
                        metadata: ["worker": "\(key.worker)", "tenant": "\(key.tenant)", "error": "\(error)"])
                }
            }
            if isStuck || orphans.count < Self.batch { return }
        }
    }

    private func rescue(_ orphans: [Orphan], of key: Bereft) async throws {
        let free = orphans.filter { !$0.isArmed }.map(\.lease)
        // One that was not dead after all may have armed since the list was made. Nothing of it leaves: no wire begins so
        // long after the last good beat. But only the worker itself can know.
        let armed =
            orphans.filter(\.isArmed).map(\.lease)
            + (try await world.queue.release(free, tenant: key.tenant, worker: key.worker, runAt: world.timestamp))
        let context = world.context(key.tenant)
        let unknown = try await world.work.write(as: .tenant(key.tenant)) { tx in
            var generator = SystemRandomNumberGenerator()
            return try RecordOutcomes(worker: key.worker).run(
                armed.map {
                    DeliveryReport(
                        lease: $0, attempt: nil, result: .unknown, reply: "the worker died while it was on the wire")
                }, lane: key.lane, in: &tx, context, using: &generator
            ).count
        }
        world.logger.notice(
            "rescued a dead worker's leases",
            metadata: [
                "worker": "\(key.worker)", "tenant": "\(key.tenant)", "requeued": "\(orphans.count - armed.count)",
                "unknown": "\(unknown)",
            ])
    }

    /// Queues the folding of rollups for tenants that have something to add. A job already there stays one.
    func queueFolds() async throws {
        for tenant in try await world.dispatch.read(as: .none, { tx in try tx.tenantsToFold() }) {
            let context = world.context(tenant)
            try await world.work.write(as: .tenant(tenant)) { tx in try KeepRollups.queue(in: &tx, context) }
        }
    }

    /// Queues the judging of promises and plans for tenants where the day of one has passed.
    func queueJudging() async throws {
        let now = world.now
        for tenant in try await world.dispatch.read(as: .none, { tx in try tx.tenantsToJudge(at: now) }) {
            let context = world.context(tenant)
            try await world.work.write(as: .tenant(tenant)) { tx in try JudgeAgreements.queue(in: &tx, context) }
        }
    }

    /// Queues the pruning of every tenant's finished work, and forgets workers long dead.
    func queuePruning() async throws {
        try await world.dispatch.write(as: .none) { tx in try tx.forgetWorkers() }
        guard world.retention != nil else { return }
        var last: ID<Tenant>?
        while true {
            let page = Page<Tenant>(before: last, count: 500)
            let tenants = try await world.dispatch.read(as: .none) { tx in try tx.everyTenant(page) }
            for tenant in tenants {
                let context = world.context(tenant.id.uuid)
                try await world.work.write(as: .tenant(tenant.id.uuid)) { tx in
                    try PruneFinished.queue(in: &tx, context)
                }
            }
            last = tenants.last?.id
            if tenants.count < page.count { return }
        }
    }
}
