import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The operators' page of a program that serves nobody else: `/health/live`, `/health/ready` and `/metrics`.
package struct OperatorServer: Service {
    /// The address cannot be listened on.
    package struct Unavailable: Error, CustomStringConvertible {
        package let description: String
    }

    private let host: String
    private let port: Int
    private let setting: String
    private let health: Health
    private let registry: Registry
    private let token: Secret?
    private let refresh: @Sendable () async -> Void
    private let more: @Sendable ([String: String]) async -> String?
    private let started: @Sendable (Int) async -> Void
    private let logger: Logger

    /// - Parameters:
    ///   - port: 0 takes any free one.
    ///   - setting: the environment variable that moves it elsewhere, for the message when the port is taken.
    ///   - token: what a reader of `/metrics` has to show; none is asked for when there is none.
    ///   - more: further metrics for the query of the address; `nil` refuses the query.
    ///   - refresh: runs before each scrape, to bring gauges up to date.
    ///   - started: is told the port once it is open.
    package init(
        host: String, port: Int, setting: String, health: Health, registry: Registry, logger: Logger,
        token: Secret? = nil, refresh: @escaping @Sendable () async -> Void = {},
        more: @escaping @Sendable ([String: String]) async -> String? = { $0.isEmpty ? "" : nil },
        started: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.host = host
        self.port = port
        self.setting = setting
        self.health = health
        self.registry = registry
        self.logger = logger
        self.token = token
        self.refresh = refresh
        self.more = more
        self.started = started
    }

    package func run() async throws {
        let router = Router()
        health.addRoutes(to: router)
        registry.addRoute(to: router, token: token, refresh: refresh, more: more)
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        let application = Application(
            router: router,
            configuration: .init(address: .hostname(host, port: port)),
            onServerRunning: { [started, logger] channel in
                let port = channel.localAddress?.port ?? 0
                logger.info("operator pages are open", metadata: ["port": "\(port)"])
                await started(port)
            },
            logger: quiet)
        do {
            try await application.run()
        } catch let error as IOError {
            throw Unavailable(
                description: "cannot listen on \(host):\(port) (\(error)); choose another with \(setting)")
        }
    }
}
