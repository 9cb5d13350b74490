import Foundation
package import Logging

/// A fixed set of threads, each owning one connection, all taking transactions from one line.
///
/// A transaction is a *synchronous* closure: the compiler forbids awaiting anything while rows are locked. The closure
/// must be fit to run more than once, since a transaction that lost a race starts over, and must have no effect but
/// through the transaction.
///
/// ```swift
/// let stage = try await database.write(as: .tenant(id)) { transaction in
///     try transaction.must("enrolment_lock", id, enrolment)
///     return try transaction.row("enrolment_stage", id, enrolment)("stage") as Int
/// }
/// ```
package final class Database: Sendable {
    private let line: Line
    private let threads: Latch

    /// Starts the threads; each connects when it has its first transaction to run, so a server may be down now.
    package init(_ settings: DatabaseSettings, catalogue: Catalogue, logger: Logger) {
        precondition(settings.connections > 0 && settings.lineLimit > 0, "a database needs a connection and a line")
        let line = Line(limit: settings.lineLimit, waitLimit: settings.waitLimit, readers: settings.connections)
        let threads = Latch(count: settings.connections + 1)
        self.line = line
        self.threads = threads
        let target = settings.target
        for number in 1...settings.connections {
            Self.start("postgres-\(number)") {
                Self.serve(line, Seat(target: target, catalogue: catalogue, logger: logger))
                threads.countDown()
            }
        }
        Self.start("postgres-sweep") {
            line.sweep()
            threads.countDown()
        }
    }

    deinit {
        for job in line.close() { job.fail(.stopped) }
    }

    /// Runs `body` in one transaction and commits it.
    ///
    /// Throws what `body` throws, after a rollback, or ``PostgresError``. Kind `lostAtCommit` means that nobody knows
    /// whether it was committed; it is never run again by itself. Deadlocks and serialization failures are run up to
    /// five times, a lock time-out twice. Cancelling the task has an effect only while the transaction waits for its
    /// turn.
    @discardableResult
    package func write<R: Sendable>(
        as scope: Scope, _ body: @escaping @Sendable (inout Transaction) throws -> R
    ) async throws -> R {
        try await submit(.write, as: scope, body)
    }

    /// Runs `body` in one read-only transaction. Otherwise as ``write(as:_:)``.
    package func read<R: Sendable>(
        as scope: Scope, _ body: @escaping @Sendable (inout Transaction) throws -> R
    ) async throws -> R {
        try await submit(.read, as: scope, body)
    }

    /// Lets the running transactions end, fails the waiting ones as `stopped`, closes all connections, and returns when
    /// the threads have ended. May be called more than once.
    package func stop() async {
        for job in line.close() { job.fail(.stopped) }
        await threads.wait()
    }

    /// How many transactions stand in line: a gauge of how busy the connections are.
    package var waiting: Int { line.count }

    private func submit<R: Sendable>(
        _ access: Access, as scope: Scope, _ body: @escaping @Sendable (inout Transaction) throws -> R
    ) async throws -> R {
        if Task.isCancelled { throw PostgresError.cancelled }
        let line = line
        let id = line.ticket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (answer: CheckedContinuation<R, any Error>) in
                let job = Line.Job(id: id) { seat in
                    answer.resume(with: seat.transact(access, as: scope, body))
                } fail: { error in
                    answer.resume(throwing: error)
                }
                if let refusal = line.join(job) {
                    job.fail(refusal)
                } else if Task.isCancelled {
                    // The handler may have run before the job stood in line, and found nothing to remove.
                    line.leave(id)?.fail(.cancelled)
                }
            }
        } onCancel: {
            line.leave(id)?.fail(.cancelled)
        }
    }

    private static func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.start()
    }

    /// The life of one thread. The seat ends here, and with it the connection.
    private static func serve(_ line: Line, _ seat: consuming Seat) {
        while let job = line.take() {
            job.run(&seat)
            if let rest = seat.restBeforeNextJob { Thread.sleep(forTimeInterval: rest.inSeconds) }
        }
    }
}
