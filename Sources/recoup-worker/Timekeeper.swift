import Logging
import Queue
import ServiceLifecycle

/// Asks every second what of the instance's periodic work is due, and does it. Any number of workers ask, one gets it.
struct Timekeeper: Service {
    let world: WorkerWorld

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let hasWorked = await turn()
                if !hasWorked { try? await Task.sleep(for: .seconds(1)) }
            }
        }
    }

    /// Whether something was due.
    private func turn() async -> Bool {
        do {
            guard let name = try await world.queue.takePeriodic(worker: world.heartbeat.worker) else { return false }
            // A newer release's work is left to its workers.
            guard let work = Upkeep.Work(rawValue: name) else { return true }
            do {
                try await Upkeep(world: world).run(work)
            } catch {
                world.logger.warning("periodic work failed", metadata: ["work": "\(name)", "error": "\(error)"])
            }
            return true
        } catch {
            world.logger.warning("periodic work cannot be read", metadata: ["error": "\(error)"])
            return false
        }
    }
}
