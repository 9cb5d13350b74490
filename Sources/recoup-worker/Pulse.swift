import Foundation
import Logging
import Queue
import ServiceLifecycle

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
        await sayFarewell()
    }

    /// What is not held by anybody need not wait until this worker is missed.
    private func sayFarewell() async {
        do {
            try await world.heartbeat.farewell()
        } catch {
            world.logger.notice("no farewell", metadata: ["error": "\(error)"])
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
