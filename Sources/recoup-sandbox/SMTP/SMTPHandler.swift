import Foundation
import Glibc
import NIOCore

/// Carries out the steps of one conversation on its channel, and nothing else.
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A client may run ahead of a delayed reply by this much.
    private static let longestBacklog = 1 << 20

    private let desk: SMTPDesk
    private var conversation: SMTPConversation
    /// `nil` once the client has gone; a paused conversation still runs to its end.
    private var context: ChannelHandlerContext?
    private var isPaused = false
    private var number = 0
    private var receivedAt: Date?

    init(_ conversation: SMTPConversation, desk: SMTPDesk) {
        self.conversation = conversation
        self.desk = desk
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        number = desk.journal.connectionOpened()
        carryOn(on: context.eventLoop)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        conversation.receive(unwrapInboundIn(data).readableBytesView)
        guard isPaused else { return carryOn(on: context.eventLoop) }
        if conversation.backlog > Self.longestBacklog { context.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent, !isPaused {
            conversation.timeOut()
            carryOn(on: context.eventLoop)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if self.context != nil { desk.journal.connectionClosed() }
        self.context = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that resets is part of the game; channelInactive follows.
        context.close(promise: nil)
    }

    private func carryOn(on eventLoop: any EventLoop) {
        while let step = conversation.next(desk.book.take) {
            if case .pause(let milliseconds) = step {
                isPaused = true
                eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(milliseconds))) {
                    self.isPaused = false
                    self.carryOn(on: eventLoop)
                }
                return
            }
            perform(step)
        }
    }

    private func perform(_ step: SMTPConversation.Step) {
        switch step {
        case .write(let bytes):
            guard let context else { return }
            context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
        case .authenticated(let credentials, let accepted):
            desk.journal.record(
                Auth(
                    at: desk.now(), connection: number, mechanism: credentials.mechanism, user: credentials.user,
                    password: credentials.password, accepted: accepted))
        case .received:
            receivedAt = desk.now()
            desk.journal.mailReceived()
        case .ended(let envelope, let content, let fate):
            desk.journal.record(
                envelope, content, fate, connection: number, receivedAt: content == nil ? nil : receivedAt,
                at: desk.now())
        case .close(let close):
            guard let context else { return }
            self.close(context, close)
        case .pause:
            preconditionFailure("a pause is kept by carryOn")
        }
    }

    private func close(_ context: ChannelHandlerContext, _ close: Answer.Close) {
        if close == .reset, let socket = context.channel as? any SocketOptionProvider {
            // Lingering for no time makes the kernel send RST instead of FIN.
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { [channel = context.channel] _ in
                channel.close(promise: nil)
            }
            return
        }
        // An empty write completes when all writes before it have left.
        let empty = wrapOutboundOut(context.channel.allocator.buffer(capacity: 0))
        context.writeAndFlush(empty).whenComplete { [channel = context.channel] _ in channel.close(promise: nil) }
    }
}
