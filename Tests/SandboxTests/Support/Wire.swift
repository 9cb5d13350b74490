import NIOCore
import NIOPosix
import Synchronization

/// A bare socket to the relay: what goes over it is exactly what the test says.
struct Wire: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    static func connect(to port: Int) async throws -> Wire {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(inbox) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return Wire(channel: channel, inbox: inbox)
    }

    func write(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func write(_ text: String) {
        write(Array(text.utf8))
    }

    /// One whole reply without line ends, lines joined by `|`; `nil` when the line is dead.
    func reply() async -> String? {
        var lines: [String] = []
        while let line = await inbox.line() {
            lines.append(line)
            if line.count < 4 || line.dropFirst(3).first == " " { return lines.joined(separator: "|") }
        }
        return nil
    }

    func ask(_ command: String) async -> String? {
        write(command + "\r\n")
        return await reply()
    }

    /// MAIL, RCPT, DATA and the mail; returns the reply to the dot, or the first reply that forbids to go on.
    func deliver(_ mail: String, from: String = "a@halden.example", to: String = "b@example.com") async -> String? {
        for command in ["MAIL FROM:<\(from)>", "RCPT TO:<\(to)>", "DATA"] {
            guard let reply = await ask(command) else { return nil }
            guard reply.hasPrefix("2") || reply.hasPrefix("3") else { return reply }
        }
        write(mail + ".\r\n")
        return await reply()
    }

    /// All that still comes until the server closes.
    func rest() async -> String { await inbox.rest() }

    var wasReset: Bool { inbox.wasReset }

    func close() { channel.close(promise: nil) }
}

/// Keeps what arrives until somebody asks.
private final class Inbox: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var wasReset = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var wasReset: Bool { state.withLock { $0.wasReset } }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(unwrapInboundIn(data).readableBytesView)
        change { $0.bytes += bytes }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        change { $0.wasReset = true }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        change { $0.isClosed = true }
    }

    private func change(_ edit: (inout sending State) -> Void) {
        let waiting = state.withLock { state in
            edit(&state)
            let waiting = state.waiting
            state.waiting = nil
            return waiting
        }
        waiting?.resume()
    }

    func line() async -> String? {
        while true {
            let (line, isClosed) = state.withLock { state -> (String?, Bool) in
                guard let end = state.bytes.firstIndex(of: 10) else { return (nil, state.isClosed) }
                let line = String(decoding: state.bytes[..<end], as: UTF8.self)
                state.bytes.removeSubrange(...end)
                return (line.hasSuffix("\r") ? String(line.dropLast()) : line, false)
            }
            if let line { return line }
            if isClosed { return nil }
            await more()
        }
    }

    func rest() async -> String {
        while !state.withLock({ $0.isClosed }) { await more() }
        return state.withLock { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Until something happens. Nothing is lost in between: bytes that came already end the wait at once.
    private func more() async {
        let seen = state.withLock { $0.bytes.count }
        await withCheckedContinuation { continuation in
            let isLate = state.withLock { state in
                if state.isClosed || state.bytes.count != seen { return true }
                state.waiting = continuation
                return false
            }
            if isLate { continuation.resume() }
        }
    }
}
