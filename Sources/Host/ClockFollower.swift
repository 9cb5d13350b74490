package import Logging
import ServiceLifecycle

/// Keeps a process's clock on the offset that the database holds for the whole instance.
///
/// A program reads it once with `follow()` before it does anything dated, then runs the follower as a service. While reading
/// fails the last offset stays: the clock does not jump because the database is away.
package struct ClockFollower: Service {
    private let clock: Clock
    private let interval: Duration
    private let logger: Logger
    private let read: @Sendable () async throws -> Int64

    /// - Parameter read: the offset in microseconds, asked every `interval`.
    package init(
        _ clock: Clock, every interval: Duration = .milliseconds(250), logger: Logger,
        read: @escaping @Sendable () async throws -> Int64
    ) {
        self.clock = clock
        self.interval = interval
        self.logger = logger
        self.read = read
    }

    /// Reads and applies the offset once; throws what the reading threw.
    package func follow() async throws {
        let offset = try await read()
        if offset != clock.offset {
            clock.setOffset(offset)
            logger.notice("clock offset changed", metadata: ["microseconds": "\(offset)"])
        }
    }

    package func run() async {
        await cancelWhenGracefulShutdown {
            var failing = false
            while !Task.isCancelled {
                do {
                    try await follow()
                    if failing { logger.notice("clock offset can be read again") }
                    failing = false
                } catch {
                    // Told once per outage: four lines a second would bury everything else.
                    if !failing, !Task.isCancelled {
                        logger.warning("clock offset cannot be read", metadata: ["error": "\(error)"])
                    }
                    failing = true
                }
                // Sleeping only throws when cancelled, and then the loop ends.
                try? await Task.sleep(for: interval)
            }
        }
    }
}
