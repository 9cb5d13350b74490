import DequeModule
import Dispatch
import Synchronization

/// The bounded waiting line in front of the connections: first come, first served, and nobody waits longer than the
/// limit.
///
/// Every job is answered exactly once, by whoever takes it out of the line: a connection's thread, the sweeper, a
/// cancelled task, or the end.
final class Line: Sendable {
    /// A transaction waiting for a connection.
    struct Job: Sendable {
        let id: UInt64
        let run: @Sendable (inout Seat) -> Void
        let fail: @Sendable (PostgresError) -> Void
    }

    private struct Waiting {
        let job: Job
        let deadline: ContinuousClock.Instant
    }

    private struct State {
        /// The limit is the same for all, so the first in line is also the first to be overdue.
        var waiting = Deque<Waiting>()
        var nextID: UInt64 = 0
        var isClosed = false
        var isSweeperAsleep = false
    }

    private let state = Mutex(State())
    private let limit: Int
    private let waitLimit: Duration
    private let readers: Int
    /// Raised once a job. A job that leaves early leaves its signal behind; the thread that gets it finds nothing and
    /// goes on.
    private let ready = DispatchSemaphore(value: 0)
    private let alarm = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - limit: how many jobs may wait.
    ///   - waitLimit: how long each may.
    ///   - readers: how many threads call ``take()``.
    init(limit: Int, waitLimit: Duration, readers: Int) {
        self.limit = limit
        self.waitLimit = waitLimit
        self.readers = readers
    }

    var count: Int { state.withLock { $0.waiting.count } }

    /// An id for a job that is to join.
    func ticket() -> UInt64 {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    /// Puts a job at the end of the line, or answers why it may not stand there.
    func join(_ job: Job) -> PostgresError? {
        let (refusal, wakesSweeper) = state.withLock { state -> (PostgresError?, Bool) in
            guard !state.isClosed else { return (.stopped, false) }
            guard state.waiting.count < limit else {
                return (PostgresError(.busy, "\(limit) transactions are waiting already"), false)
            }
            state.waiting.append(Waiting(job: job, deadline: .now + waitLimit))
            defer { state.isSweeperAsleep = false }
            return (nil, state.isSweeperAsleep)
        }
        guard refusal == nil else { return refusal }
        ready.signal()
        if wakesSweeper { alarm.signal() }
        return nil
    }

    /// Takes a job out of the line; `nil` when it has had its turn.
    func leave(_ id: UInt64) -> Job? {
        state.withLock { state in
            guard let index = state.waiting.firstIndex(where: { $0.job.id == id }) else { return nil }
            return state.waiting.remove(at: index).job
        }
    }

    /// Waits for the next job; `nil` once the line is closed. Blocks its thread, which must be one of our own.
    func take() -> Job? {
        while true {
            ready.wait()
            let (next, isClosed) = state.withLock { ($0.waiting.popFirst(), $0.isClosed) }
            guard let next else {
                if isClosed { return nil }
                continue
            }
            if next.deadline > .now { return next.job }
            next.job.fail(waitedTooLong)
        }
    }

    /// Fails what is overdue until the line is closed. Blocks its thread, which must be one of our own.
    ///
    /// Needed because the threads may all be busy, or all be connecting to a server that does not answer. It sleeps
    /// while the line is empty and wakes at most once in a wait limit while it is not.
    func sweep() {
        while true {
            let (overdue, next, isClosed) = state.withLock { state in
                var overdue: [Job] = []
                while let first = state.waiting.first, first.deadline <= .now {
                    overdue.append(first.job)
                    state.waiting.removeFirst()
                }
                state.isSweeperAsleep = state.waiting.isEmpty
                return (overdue, state.waiting.first?.deadline, state.isClosed)
            }
            for job in overdue { job.fail(waitedTooLong) }
            if isClosed { return }
            if let next {
                let pause = ContinuousClock.now.duration(to: next)
                _ = alarm.wait(timeout: .now() + pause.inSeconds)
            } else {
                alarm.wait()
            }
        }
    }

    /// Lets nobody join any more and wakes all threads so that they end; what was waiting is the caller's to fail.
    func close() -> [Job] {
        let left = state.withLock { state in
            state.isClosed = true
            defer { state.waiting.removeAll() }
            return state.waiting.map(\.job)
        }
        for _ in 0..<readers { ready.signal() }
        alarm.signal()
        return left
    }

    private var waitedTooLong: PostgresError { PostgresError(.busy, "no connection was free within \(waitLimit)") }
}

extension PostgresError {
    static let stopped = PostgresError(.stopped, "the database was stopped")
    static let cancelled = PostgresError(.cancelled, "the task was cancelled while it waited for a connection")
}

extension Duration {
    /// As the older interfaces want it.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
