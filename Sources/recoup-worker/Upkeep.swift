import Foundation
import Logging
import Operations
import Postgres
import Queue
import ServiceLifecycle
import Store

/// Says every five seconds that this worker lives; once declared dead, it goes on under another id. Stopped after the
/// dispatcher has drained: the dead do not finish what they hold.
struct Pulse: Service {
    let world: WorkerWorld

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await beat()
                try? await Task.sleep(for: .seconds(Heartbeat.everySeconds))
            }
        }
    }

    private func beat() async {
        do {
            if try await world.heartbeat.beat(fresh: UUID()) {
                world.logger.error(
                    "declared dead while alive; going on under another id",
                    metadata: ["worker": "\(world.heartbeat.worker)"])
            }
        } catch {
            world.logger.warning("heartbeat failed", metadata: ["error": "\(error)"])
            try? await Task.sleep(for: .milliseconds(500))
        }
    }
}

/// Takes over what dead workers held: unarmed goes back to the queue, armed becomes unknown. Any worker may do it.
struct Rescuer: Service {
    let world: WorkerWorld

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await rescue()
                } catch {
                    world.logger.warning("rescue failed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(5))
            }
        }
    }

    func rescue() async throws {
        struct Key: Hashable {
            let tenant: UUID
            let lane: UUID
            let worker: UUID
        }
        // On hold nothing is settled: a restored copy must not decide what the original did.
        guard try await !InstanceGuard.isOnHold(world.dispatch) else { return }
        let orphans = try await world.queue.orphans(limit: 1_000)
        let groups = Dictionary(grouping: orphans) {
            Key(tenant: $0.tenant, lane: $0.lane, worker: $0.lease.worker)
        }
        for (key, orphans) in groups {
            let free = orphans.filter { !$0.isArmed || $0.kind != .step }.map(\.lease)
            let armed = orphans.filter { $0.isArmed && $0.kind == .step }.map(\.lease)
            try await world.queue.release(free, tenant: key.tenant, worker: key.worker, runAt: world.timestamp)
            let context = world.context(key.tenant)
            let unknown = try await world.work.write(as: .tenant(key.tenant)) { tx in
                var generator = SystemRandomNumberGenerator()
                return try RecordOutcomes(worker: key.worker).run(
                    armed.map {
                        DeliveryReport(
                            lease: $0, attempt: nil, result: .unknown, reply: "the worker died while it was on the wire"
                        )
                    }, lane: key.lane, in: &tx, context, using: &generator)
            }
            world.logger.notice(
                "rescued a dead worker's leases",
                metadata: [
                    "worker": "\(key.worker)", "tenant": "\(key.tenant)", "requeued": "\(free.count)",
                    "unknown": "\(unknown)",
                ])
        }
    }
}

/// Looks every few seconds for tenants whose rollups have something to add, and queues the work on their internal lanes.
/// Any worker may do it, side by side: a job already there stays one.
struct Folder: Service {
    let world: WorkerWorld

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await queueFolds()
                } catch {
                    world.logger.warning("rollups could not be queued", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(3))
            }
        }
    }

    func queueFolds() async throws {
        for tenant in try await world.dispatch.read(as: .none, { tx in try tx.tenantsToFold() }) {
            let context = world.context(tenant)
            try await world.work.write(as: .tenant(tenant)) { tx in try KeepRollups.queue(in: &tx, context) }
        }
    }
}
