import Glibc
package import Logging
package import ServiceLifecycle
import UnixSignals

/// Runs the parts of a program until it is told to stop.
package enum ServiceHost {
    /// Runs `services` until SIGTERM or SIGINT, or until one of them ends, and then stops them in order: last first.
    ///
    /// List what others depend on first (the database), then what uses it, and what takes new work last. Readiness turns
    /// false before anything stops. What has not ended within the limit is cancelled.
    /// - Throws: the error of the service that failed first. A stop by signal is no error.
    package static func run(
        _ services: [any Service], health: Health? = nil, stopLimit: Duration, logger: Logger
    ) async throws {
        ignoreBrokenPipes()
        let parts = services + (health.map { [ReadinessMark(health: $0)] } ?? [])
        var configuration = ServiceGroupConfiguration(
            services: parts.map {
                // One part ending by itself ends the program, but the others still finish what they hold.
                .init(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        configuration.maximumGracefulShutdownDuration = stopLimit
        // Cancelled work that still does not end is our bug: the process gives up rather than hang.
        configuration.maximumCancellationDuration = .seconds(10)
        try await ServiceGroup(configuration: configuration).run()
    }

    /// A peer that closes its end early must cost one connection, not the process; TLS libraries write without `MSG_NOSIGNAL`.
    private static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }
}

/// Stops first, and in doing so tells the world that no more work should come.
private struct ReadinessMark: Service {
    let health: Health

    func run() async throws {
        try await gracefulShutdown()
        health.drain()
    }
}
