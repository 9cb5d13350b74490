import Dispatch
import Synchronization

/// One operating-system thread with one session, for SMTP blocks where an event loop must not.
///
/// libcurl waits for the answer to the final dot in a blocking loop, so sessions that shared a loop would wait for each
/// other. Work is a synchronous closure that borrows the session; it runs on the thread, in the order given.
package final class MailThread: Sendable {
    package typealias Work = @Sendable (inout MailSession) -> Void

    private let desk: Desk

    /// Starts the thread; the connection is opened by the first mail.
    ///
    /// - Parameters:
    ///   - idle: how long to wait for work before asking `mayEnd`.
    ///   - mayEnd: asked on the thread; true ends it. After that no work may be given.
    ///   - ended: called on the thread when the session is closed.
    /// - Throws: ``CurlError/thread(_:)``.
    package init(
        _ endpoint: MailEndpoint, idle: Duration, mayEnd: @escaping @Sendable () -> Bool,
        ended: @escaping @Sendable () -> Void
    ) throws(CurlError) {
        desk = Desk(endpoint: endpoint, idle: idle, mayEnd: mayEnd, ended: ended)
        try LibCurl.startThread(stackBytes: 512 * 1_024) { [desk] in desk.work() }
    }

    deinit {
        desk.close()
    }

    package func run(_ work: @escaping Work) {
        desk.put(work)
    }

    /// Ends the transfer under way within about a second, and every later one at once.
    package func abort() {
        desk.stopping.set()
    }

    /// Ends the thread after the work it already has.
    package func close() {
        desk.close()
    }
}

/// Where work waits for the thread. The thread keeps it alive, so a ``MailThread`` may go while a mail is under way.
private final class Desk: Sendable {
    let stopping = StopFlag()
    private let endpoint: MailEndpoint
    private let idle: Duration
    private let mayEnd: @Sendable () -> Bool
    private let ended: @Sendable () -> Void
    private let line = Mutex(Line())
    private let bell = DispatchSemaphore(value: 0)

    private struct Line {
        var work: [MailThread.Work] = []
        var isClosed = false
    }

    private enum Next {
        case work(MailThread.Work)
        case idle
        case close
    }

    init(
        endpoint: MailEndpoint, idle: Duration, mayEnd: @escaping @Sendable () -> Bool,
        ended: @escaping @Sendable () -> Void
    ) {
        self.endpoint = endpoint
        self.idle = idle
        self.mayEnd = mayEnd
        self.ended = ended
    }

    func put(_ work: @escaping MailThread.Work) {
        line.withLock { line in
            precondition(!line.isClosed, "work for a thread that was told to end")
            line.work.append(work)
        }
        bell.signal()
    }

    func close() {
        line.withLock { $0.isClosed = true }
        bell.signal()
    }

    func work() {
        LibCurl.ignoreBrokenPipes()
        useSession()
        ended()
    }

    private func useSession() {
        var session = MailSession(endpoint, stopping: stopping)
        while true {
            switch next() {
            case .work(let work): work(&session)
            case .idle:
                guard mayEnd() else { continue }
                // From here on work would wait for ever; closing makes giving it a fault that shows.
                return close()
            case .close: return
            }
        }
    }

    private func next() -> Next {
        while true {
            let rang = bell.wait(timeout: .now() + .milliseconds(idle.milliseconds)) == .success
            let next: Next? = line.withLock { line in
                if !line.work.isEmpty { return .work(line.work.removeFirst()) }
                return line.isClosed ? .close : nil
            }
            if let next { return next }
            // Work that came just after the time-out leaves its ring behind: that is not idleness.
            if !rang { return .idle }
        }
    }
}
