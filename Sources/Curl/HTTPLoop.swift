import CCurl
import Synchronization

/// One libcurl multi handle on a thread of its own: any number of exchanges side by side, none waiting for another.
///
/// Connections are kept and shared by host, port and scheme. That is safe for HTTP because whatever tells tenants apart is a
/// header of the single request; certificates are verified on every connection alike.
package final class HTTPLoop: Sendable {
    private let desk: Desk

    /// - Parameter keptConnections: how many idle connections stay open, over all hosts.
    /// - Throws: ``CurlError/thread(_:)``.
    package init(keptConnections: Int = 64) throws(CurlError) {
        guard LibCurl.isReady, let multi = curl_multi_init() else { throw .thread(0) }
        recoup_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, keptConnections)
        desk = Desk(multi)
        do throws(CurlError) {
            try LibCurl.startThread(stackBytes: 1_024 * 1_024) { [desk] in desk.work() }
        } catch {
            curl_multi_cleanup(multi)
            throw error
        }
    }

    deinit {
        desk.close()
    }

    /// Sends a request and waits for what comes of it.
    ///
    /// - Parameter mayBegin: asked on the loop's thread just before anything can leave; it must not block.
    /// - Returns: nil when nothing left: it was not allowed to begin, or the loop has closed.
    package func send(
        _ request: HTTPRequest, mayBegin: @escaping @Sendable () -> Bool = { true }
    ) async -> HTTPExchange? {
        await withCheckedContinuation { answer in
            desk.put(Desk.Job(request: request, mayBegin: mayBegin, answer: answer))
        }
    }

    /// Ends what is under way at once; what was handed over may have arrived.
    package func abort() {
        desk.abort()
    }

    /// Takes nothing more; what is under way is seen through.
    package func close() {
        desk.close()
    }
}

/// Where requests wait for the thread, and the thread's own work.
///
/// Sendable, for the line is behind its lock, `curl_multi_wakeup` may be called from any thread while the line is open (the
/// handle goes after it was closed under the same lock), and everything else is the thread's alone.
private final class Desk: @unchecked Sendable {
    struct Job: Sendable {
        let request: HTTPRequest
        let mayBegin: @Sendable () -> Bool
        let answer: CheckedContinuation<HTTPExchange?, Never>
    }

    private struct Line {
        var jobs: [Job] = []
        var isClosed = false
        var isAborting = false
        var hasEnded = false
    }

    private let multi: UnsafeMutableRawPointer
    private let line = Mutex(Line())
    private var wires: [UnsafeMutableRawPointer: (wire: HTTPWire, answer: CheckedContinuation<HTTPExchange?, Never>)] =
        [:]

    init(_ multi: UnsafeMutableRawPointer) {
        self.multi = multi
    }

    func put(_ job: Job) {
        let isTaken = line.withLock { line in
            guard !line.isClosed else { return false }
            line.jobs.append(job)
            curl_multi_wakeup(multi)
            return true
        }
        if !isTaken { job.answer.resume(returning: nil) }
    }

    func close() {
        line.withLock { line in
            line.isClosed = true
            if !line.hasEnded { curl_multi_wakeup(multi) }
        }
    }

    func abort() {
        line.withLock { line in
            line.isAborting = true
            if !line.hasEnded { curl_multi_wakeup(multi) }
        }
    }

    func work() {
        LibCurl.ignoreBrokenPipes()
        while true {
            let (jobs, isClosed, isAborting) = line.withLock { line in
                defer { (line.jobs, line.isAborting) = ([], false) }
                return (line.jobs, line.isClosed, line.isAborting)
            }
            if isAborting { endAll() }
            for job in jobs { begin(job) }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            collect()
            if isClosed, wires.isEmpty { break }
            curl_multi_poll(multi, nil, 0, 1_000, nil)
        }
        line.withLock { $0.hasEnded = true }
        curl_multi_cleanup(multi)
    }

    private func begin(_ job: Job) {
        guard job.mayBegin() else { return job.answer.resume(returning: nil) }
        guard let wire = HTTPWire(job.request), curl_multi_add_handle(multi, wire.easy) == CURLM_OK else {
            return job.answer.resume(returning: HTTPExchange(curlCode: .outOfMemory))
        }
        wires[wire.easy] = (wire, job.answer)
    }

    private func collect() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            end(easy, CurlCode(message.pointee.data.result))
        }
    }

    private func endAll() {
        for easy in Array(wires.keys) { end(easy, .aborted) }
    }

    private func end(_ easy: UnsafeMutableRawPointer, _ code: CurlCode) {
        guard let (wire, answer) = wires.removeValue(forKey: easy) else { return }
        let exchange = wire.report(code)
        curl_multi_remove_handle(multi, easy)
        answer.resume(returning: exchange)
    }
}
