import Foundation
import Glibc

/// A worker of this build at work on a throw-away server.
final class BenchWorker {
    let process: Process
    private let port = 10_000 + Int.random(in: 0..<10_000)

    init(on server: ThrowawayServer, _ environment: [String: String]) throws {
        process = try ThrowawayServer.start(
            [Bundle.main.bundleURL.appending(path: "recoup-worker").path],
            environment: ProcessInfo.processInfo.environment.merging(
                environment.merging([
                    "DATABASE_URL": server.url, "ENVIRONMENT_NAME": "bench", "WORKER_HEALTH_PORT": "\(port)",
                ]) { $1 }
            ) { $1 },
            log: server.log("worker"))
    }

    /// Waits until it is at work.
    func begin() throws {
        try ThrowawayServer.eventually("the worker is ready") {
            (try? ThrowawayServer.run(["curl", "-sf", "http://127.0.0.1:\(port)/health/ready"])) != nil
        }
    }

    /// The most memory it has had at a time, in bytes.
    var peak: Int { BenchWorld.peak(process) }

    /// Lets it finish what is on the wire.
    func end() {
        guard process.isRunning else { return }
        process.interrupt()
        process.waitUntilExit()
    }

    /// Gives it no time for anything.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
