import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Listens for SMTP until the group stops.
struct SMTPServer: Service {
    let settings: Settings
    let desk: SMTPDesk
    let board: AddressBoard
    let logger: Logger

    func run() async throws {
        let sessions = OpenSessions()
        let listener = try await bind(noting: sessions)
        board.smtpListens(on: listener.localAddress?.port ?? 0)
        await withTaskCancellationOrGracefulShutdownHandler {
            // The future fails when the listener closes with an error; it is closed then all the same.
            _ = try? await listener.closeFuture.get()
        } onCancelOrGracefulShutdown: {
            listener.close(promise: nil)
            sessions.closeAll()
        }
    }

    private func bind(noting sessions: OpenSessions) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 512)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [settings, desk] channel in
                sessions.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let conversation = SMTPConversation(host: "sandbox.recoup.test", sizeLimit: Settings.sizeLimit)
                    let silence = TimeAmount.seconds(Int64(settings.idleSeconds))
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(readTimeout: silence))
                    try channel.pipeline.syncOperations.addHandler(SMTPHandler(conversation, desk: desk))
                }
            }
        do {
            return try await bootstrap.bind(host: settings.host, port: settings.smtpPort).get()
        } catch {
            let setting = "sandbox.smtpPort"
            throw SettingsError(
                key: setting, message: "cannot listen on \(settings.host):\(settings.smtpPort): \(error)")
        }
    }
}

/// The sessions to end when the server stops.
private final class OpenSessions: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { _ in
            _ = self.channels.withLock { $0.removeValue(forKey: id) }
        }
    }

    func closeAll() {
        for channel in channels.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }
}
