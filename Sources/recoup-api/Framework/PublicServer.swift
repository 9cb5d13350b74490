import Host
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The API on the network, with bounds on what a connection may hold and how long it may stay silent.
struct PublicServer: Service {
    let world: World
    let host: String
    /// 0 takes any free one.
    let port: Int
    let logger: Logger
    /// Is told the port once it is open.
    var started: @Sendable (Int) async -> Void = { _ in }

    static let idleLimit = TimeAmount.seconds(60)
    static let connectionLimit = 4_096
    /// Bytes of all header fields of a request.
    static let headerLimit = 16_384

    func run() async throws {
        var quiet = logger
        // The server's own events are about connections; requests are told by the frame around them.
        quiet.logLevel = max(logger.logLevel, .notice)
        let application = Application(
            router: Route.router(world, logger: logger),
            server: .http1(
                configuration: .init(
                    idleTimeout: Self.idleLimit,
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: Self.headerLimit, maxHeaderListSize: Self.headerLimit,
                        maxHeaderFieldCount: 100))),
            configuration: .init(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionLimit)),
            onServerRunning: { [started, logger, host] channel in
                let port = channel.localAddress?.port ?? 0
                logger.notice("the API is open", metadata: ["host": "\(host)", "port": "\(port)"])
                await started(port)
            },
            logger: quiet)
        do {
            try await application.run()
        } catch let error as IOError {
            throw Unavailable(
                description: "cannot listen on \(host):\(port) (\(error)); choose another with API_HOST and API_PORT")
        }
    }

    /// The address cannot be listened on.
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }
}
