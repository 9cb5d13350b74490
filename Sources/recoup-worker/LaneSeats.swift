import Foundation
import Logging
import Queue
import Synchronization

/// The sessions of a lane's gateway that this worker may use. Other workers use the same gateway: what nobody is heard to use
/// is given to them.
final class LaneSeats: Sendable {
    private let tenant: UUID
    private let lane: UUID
    private let worker: UUID
    private let world: WorkerWorld
    private let sessions = Atomic<Int>(2)
    private let waiting = Atomic<Int>(0)

    init(tenant: UUID, lane: UUID, worker: UUID, world: WorkerWorld) {
        self.tenant = tenant
        self.lane = lane
        self.worker = worker
        self.world = world
    }

    /// How many there are for us now.
    var count: Int { sessions.load(ordering: .relaxed) }

    /// What a claim said.
    func take(_ count: Int?) {
        if let count { sessions.store(count, ordering: .relaxed) }
    }

    /// So many messages are claimed and not armed.
    func wait(for count: Int) { waiting.store(count, ordering: .relaxed) }

    /// Tells the others that we are still here; every two seconds while messages are on their way.
    ///
    /// - Parameters:
    ///   - flying: the sessions they may be using.
    ///   - held: the messages.
    func keep(flying: Int, held: Int) async {
        guard flying > 0 else { return }
        await tell(held: held + waiting.load(ordering: .relaxed), flying: flying)
    }

    /// What this lane leaves is free for other workers at once.
    func leave() async { await tell(held: 0, flying: 0) }

    private func tell(held: Int, flying: Int) async {
        do {
            take(
                try await world.queue.keepSeats(
                    tenant: tenant, lane: lane, worker: worker, held: held, flying: flying))
        } catch {
            // Not heard for five seconds, we count no more.
            world.logger.notice("sessions could not be kept", metadata: ["lane": "\(lane)", "error": "\(error)"])
        }
    }
}
