import Curl
import Foundation
package import Logging
import Synchronization

/// The process's way to text-message gateways: one loop for all, and for each gateway no more requests at a time than it
/// allows.
///
/// One message is one request; it is never repeated here, whatever comes of it.
package final class TextWires: Sendable {
    private let loop: HTTPLoop
    private let sandboxes: Set<String>
    private let certificateAuthorities: String?
    private let limits: HTTPRequest.Limits
    private let logger: Logger
    private let watch = QuietWatch()
    private let room = Mutex(Room())

    private struct Room {
        var running: [UUID: Int] = [:]
        var lines: [UUID: [Waiting]] = [:]
        var isStopping = false
    }

    private struct Waiting {
        let sessions: Int
        let begin: @Sendable (_ isMine: Bool) -> Void
    }

    /// - Parameters:
    ///   - sandboxes: `host:port` of pretend gateways: they may have a private address and may do without TLS.
    ///   - certificateAuthorities: a PEM file that replaces the system's list of trusted certificates.
    ///   - answerLimit: how long a gateway may take; Twilio's own time-out lies at about 26 seconds.
    package init(
        sandboxes: [String] = [], certificateAuthorities: String? = nil, answerLimit: Duration = .seconds(40),
        logger: Logger
    ) throws {
        loop = try HTTPLoop()
        self.sandboxes = Set(sandboxes.map(MailGateway.listed))
        self.certificateAuthorities = certificateAuthorities
        limits = HTTPRequest.Limits(whole: answerLimit)
        self.logger = logger
    }

    /// Waits for its turn at this gateway, hands the message over, and tells what came of it.
    ///
    /// - Parameter mayBegin: the caller's fence, asked just before anything of the message can leave. It must not block.
    package func send(
        _ message: OutgoingText, through gateway: TextGateway, mayBegin: @escaping @Sendable () -> Bool
    ) async -> WireOutcome {
        let isSandbox = sandboxes.contains(gateway.address)
        guard gateway.isSecure || isSandbox else {
            return .refused(Refusal(kind: .gateway, text: "a gateway without TLS is not allowed"))
        }
        let request: HTTPRequest
        do throws(CurlError) {
            request = try gateway.recipe.request(
                for: message, through: gateway, privateAllowed: isSandbox, authorities: certificateAuthorities,
                limits: limits)
        } catch {
            return .refused(Refusal(kind: .gateway, text: "the gateway's settings cannot be used: \(error.label)"))
        }
        guard await turn(at: gateway) else { return .notBegun(.stopped) }
        watch.change(mails: 1)
        defer {
            leave(gateway.id)
            watch.change(mails: -1)
        }
        guard let exchange = await loop.send(request, mayBegin: mayBegin) else {
            return .notBegun(room.withLock { $0.isStopping } ? .stopped : .fenced)
        }
        return classify(exchange, by: gateway.recipe)
    }

    /// Takes nothing new, sends back what waits, and lets what is on the wire finish; what still runs after `grace` is ended,
    /// and is unknown if it was handed over.
    package func stop(grace: Duration) async {
        let waiting = room.withLock { room in
            room.isStopping = true
            defer { room.lines = [:] }
            return room.lines.values.flatMap { $0 }
        }
        for one in waiting { one.begin(false) }
        if await !watch.reached(.noMail, within: grace) {
            logger.warning("text messages on the wire were aborted")
            loop.abort()
            _ = await watch.reached(.noMail, within: .seconds(5))
        }
        loop.close()
    }

    /// False when the process is stopping.
    private func turn(at gateway: TextGateway) async -> Bool {
        await withCheckedContinuation { answer in
            let verdict: Bool? = room.withLock { room in
                if room.isStopping { return false }
                if room.running[gateway.id, default: 0] < gateway.sessions {
                    room.running[gateway.id, default: 0] += 1
                    return true
                }
                room.lines[gateway.id, default: []].append(
                    Waiting(sessions: gateway.sessions) { answer.resume(returning: $0) })
                return nil
            }
            if let verdict { answer.resume(returning: verdict) }
        }
    }

    private func leave(_ gateway: UUID) {
        let next: Waiting? = room.withLock { room in
            let running = room.running[gateway, default: 1] - 1
            if var line = room.lines[gateway], let first = line.first, running < first.sessions {
                line.removeFirst()
                room.lines[gateway] = line.isEmpty ? nil : line
                return first
            }
            room.running[gateway] = running > 0 ? running : nil
            return nil
        }
        next?.begin(true)
    }
}
