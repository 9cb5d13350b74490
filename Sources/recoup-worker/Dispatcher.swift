import Foundation
import Logging
import Queue
import ServiceLifecycle
import Synchronization

/// Looks across tenants for lanes with something to do, brings planned steps near, and keeps one worker task per lane busy.
struct Dispatcher: Service {
    private struct LaneKey: Hashable, Sendable {
        let tenant: UUID
        let lane: UUID
    }

    private final class Busy: Sendable {
        private let lanes = Mutex<Set<LaneKey>>([])
        func begin(_ key: LaneKey) -> Bool { lanes.withLock { $0.insert(key).inserted } }
        func end(_ key: LaneKey) { _ = lanes.withLock { $0.remove(key) } }
    }

    let world: WorkerWorld
    /// How long to rest when nothing was found.
    static let idle = Duration.milliseconds(100)

    func run() async {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                let busy = Busy()
                while !world.isDraining, !Task.isCancelled {
                    let found = await look(busy, in: &group)
                    try? await Task.sleep(for: found ? .milliseconds(20) : Self.idle)
                }
            }
        } onGracefulShutdown: {
            world.drain()
        }
    }

    /// Whether anything was staged or begun.
    private func look(_ busy: Busy, in group: inout DiscardingTaskGroup) async -> Bool {
        guard world.heartbeat.mayStartWire else { return false }
        var found = false
        do {
            for lane in try await world.queue.readyLanes(now: world.timestamp, limit: 256) {
                if lane.isStageable {
                    found = try await world.queue.stage(lane, now: world.timestamp, limit: 5_000) > 0 || found
                }
                let key = LaneKey(tenant: lane.tenant, lane: lane.lane)
                guard lane.isClaimable, busy.begin(key) else { continue }
                found = true
                group.addTask {
                    switch lane.kind {
                    case .mail, .sms: await MailLane(tenant: lane.tenant, lane: lane.lane, world: world).run()
                    case .internal: await InternalLane(tenant: lane.tenant, world: world).run()
                    case .bulk: await ImportLane(tenant: lane.tenant, lane: lane.lane, world: world).run()
                    }
                    busy.end(key)
                }
            }
        } catch {
            world.logger.warning("lanes cannot be read", metadata: ["error": "\(error)"])
            try? await Task.sleep(for: .milliseconds(400))
        }
        return found
    }
}
