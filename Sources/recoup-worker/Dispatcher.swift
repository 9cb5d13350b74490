import Dunning
import Foundation
import Logging
import Queue
import ServiceLifecycle
import Synchronization

/// Looks across tenants for lanes with something to do, brings planned steps near, and keeps one task of this worker busy per
/// lane, in the order of their turns.
struct Dispatcher: Service {
    /// Lanes worked at the same time; the others wait for their turn.
    private static let lanes = 512

    let world: WorkerWorld

    func run() async {
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                let busy = BusyLanes()
                var rhythm = Rhythm()
                while !world.isDraining, !Task.isCancelled {
                    let found = await look(busy, &rhythm, in: &group)
                    try? await Task.sleep(for: found ? .milliseconds(20) : Rhythm.idle)
                }
            }
        } onGracefulShutdown: {
            world.drain()
        }
    }

    /// Whether anything was staged or begun.
    private func look(_ busy: BusyLanes, _ rhythm: inout Rhythm, in group: inout DiscardingTaskGroup) async -> Bool {
        guard world.heartbeat.mayStartWire else { return false }
        var found = false
        do {
            if rhythm.mayStage(at: world.now) {
                let begun = ContinuousClock.now
                for lane in try await world.queue.stageableLanes(now: world.timestamp, limit: 256) {
                    let staged = try await world.queue.stage(
                        tenant: lane.tenant, lane: lane.lane, now: world.timestamp, limit: 5_000)
                    found = staged > 0 || found
                }
                rhythm.staged(at: world.now, in: .now - begun, isMore: found)
            }
            let isFull = rhythm.mayLookFully
            let begun = ContinuousClock.now
            let ready = try await world.queue.readyLanes(
                now: world.timestamp, isFull: isFull, limit: 2 * Self.lanes)
            if isFull { rhythm.lookedFully(in: .now - begun) }
            for lane in ready { found = begin(lane, busy, in: &group) || found }
        } catch {
            world.logger.warning("lanes cannot be read", metadata: ["error": "\(error)"])
            try? await Task.sleep(for: .milliseconds(400))
        }
        return found
    }

    private func begin(_ lane: ReadyLane, _ busy: BusyLanes, in group: inout DiscardingTaskGroup) -> Bool {
        let key = BusyLanes.Key(tenant: lane.tenant, lane: lane.lane)
        guard let signal = busy.begin(key, isUrgent: lane.isUrgent, most: Self.lanes) else { return false }
        let isDelivery = lane.kind == .mail || lane.kind == .sms
        // Before any of them claims: lanes that begin together share from the first claim on.
        if isDelivery { world.claims.enter() }
        group.addTask {
            let hasWorked: Bool
            switch lane.kind {
            case .mail, .sms: hasWorked = await DeliveryLane(lane, world: world, signal: signal).run()
            case .internal, .upkeep: hasWorked = await InternalLane(lane, world: world).run()
            case .bulk: hasWorked = await BulkLane(lane, world: world).run()
            }
            if isDelivery { world.claims.leave() }
            busy.end(key, hasWorked: hasWorked)
        }
        return true
    }
}

/// Which lanes this worker is at, and which it leaves alone for a moment because it got nothing there.
final class BusyLanes: Sendable {
    struct Key: Hashable, Sendable {
        let tenant: UUID
        let lane: UUID
    }

    /// Another worker has its row, or all of its gateway's sessions.
    private static let rest = Duration.milliseconds(200)

    private struct State {
        var busy: [Key: LaneSignal] = [:]
        var resting: [Key: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())

    /// Nil when this worker is at it already, or is to wait.
    func begin(_ key: Key, isUrgent: Bool, most: Int) -> LaneSignal? {
        state.withLock { state in
            if let signal = state.busy[key] {
                if isUrgent { signal.hurry() }
                return nil
            }
            if let until = state.resting[key] {
                guard ContinuousClock.now >= until else { return nil }
                state.resting[key] = nil
            }
            guard state.busy.count < most else {
                for signal in state.busy.values { signal.makeRoom() }
                return nil
            }
            let signal = LaneSignal()
            state.busy[key] = signal
            return signal
        }
    }

    func end(_ key: Key, hasWorked: Bool) {
        state.withLock { state in
            state.busy[key] = nil
            if !hasWorked { state.resting[key] = ContinuousClock.now + Self.rest }
        }
    }
}

/// How often the dispatcher looks: for what is due all the time, for the rest so seldom that looking costs next to nothing.
struct Rhythm {
    /// Between two looks that found nothing: what falls due is begun within a quarter of a second.
    static let idle = Duration.milliseconds(100)
    /// A clock that went on by more was moved by somebody.
    private static let leap: Int64 = 15_000_000

    private var nextStaging = ContinuousClock.now
    private var nextFullLook = ContinuousClock.now
    private var lastStaging: Instant?

    init() {}

    /// When it is time, or at once when the product's clock was moved.
    func mayStage(at now: Instant) -> Bool {
        guard let last = lastStaging else { return true }
        return ContinuousClock.now >= nextStaging || abs(now.microseconds(since: last)) > Self.leap
    }

    mutating func staged(at now: Instant, in cost: Duration, isMore: Bool) {
        lastStaging = now
        nextStaging = .now + (isMore ? .zero : min(.seconds(10), max(.seconds(1), cost * 100)))
    }

    var mayLookFully: Bool { ContinuousClock.now >= nextFullLook }

    mutating func lookedFully(in cost: Duration) {
        nextFullLook = .now + min(.seconds(30), max(.seconds(1), cost * 100))
    }
}
