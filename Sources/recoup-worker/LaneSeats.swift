import Foundation
import Logging
import Queue
import Synchronization

/// The sessions of a lane's gateway that this worker may use. Other workers use the same gateway: what nobody is heard to use
/// is given to them.
final class LaneSeats: Sendable {
    private static let silence = Duration.seconds(5)

    private let tenant: UUID
    private let lane: UUID
    private let worker: UUID
    private let world: WorkerWorld
    private let granted: Mutex<(sessions: Int, at: ContinuousClock.Instant)>
    private let waiting = Atomic<Int>(0)

    init(tenant: UUID, lane: UUID, worker: UUID, world: WorkerWorld) {
        self.tenant = tenant
        self.lane = lane
        self.worker = worker
        self.world = world
        granted = Mutex((2, .now))
    }

    /// How many there are for us now: none, when the others may count without us since we were not heard for five seconds.
    var count: Int { granted.withLock { .now - $0.at < Self.silence ? $0.sessions : 0 } }

    /// What a claim said that was sent at that instant.
    func take(_ count: Int?, at sent: ContinuousClock.Instant) {
        if let count { granted.withLock { $0 = (count, sent) } }
    }

    /// So many messages are claimed and not armed.
    func wait(for count: Int) { waiting.store(count, ordering: .relaxed) }

    /// Tells the others that we are still here, and hears how many sessions are ours now; every two seconds while there is
    /// anything to send. A lane without a session asks as well, and more often: nobody would tell it that one is free.
    ///
    /// - Parameters:
    ///   - flying: the sessions that messages on their way may be using.
    ///   - held: those messages.
    func keep(flying: Int, held: Int) async {
        let held = held + waiting.load(ordering: .relaxed)
        guard held > 0 else { return }
        await tell(held: held, flying: flying)
    }

    /// What this lane leaves is free for other workers at once.
    func leave() async { await tell(held: 0, flying: 0) }

    private func tell(held: Int, flying: Int) async {
        let sent = ContinuousClock.now
        do {
            take(
                try await world.queue.keepSeats(
                    tenant: tenant, lane: lane, worker: worker, held: held, flying: flying), at: sent)
        } catch {
            // Not heard for five seconds, we count no more.
            world.logger.notice("sessions could not be kept", metadata: ["lane": "\(lane)", "error": "\(error)"])
        }
    }
}
