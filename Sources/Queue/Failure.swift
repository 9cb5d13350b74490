package import Postgres

/// A job or a step that failed for a reason of ours, not of the outside world's: it rests, each time longer, and ends as a
/// dead letter that only a replay brings back.
package struct Failure: Sendable, Hashable {
    /// The failure at which it is given up.
    package static let most = 8
    /// Seconds after the first, doubled each time, an hour at most.
    private static let rest = 30

    package let now: Timestamp
    package let runAt: Timestamp
    package let error: String

    /// - Parameter before: how often it failed before.
    package init(_ error: any Error, before: Int, now: Timestamp) {
        let seconds = min(3_600, Self.rest << min(before, 10))
        self.now = now
        runAt = Timestamp(microseconds: now.microseconds + Int64(seconds) * 1_000_000)
        // An error of the database says nothing of the values of a row; of others only the kind is kept.
        self.error =
            (error as? PostgresError).map { String($0.description.prefix(500)) } ?? String(reflecting: type(of: error))
    }

    /// Whether the error is of the moment: the database away or busy, a lock, a race. Such a one is no failure of the job.
    package static func isPassing(_ error: any Error) -> Bool {
        guard let error = error as? PostgresError else { return error is CancellationError }
        switch error.kind {
        case .connect, .connectionLost, .lostAtCommit, .busy, .stopped, .cancelled: return true
        case .decoding, .noRow, .manyRows, .unknownQuery: return false
        case .server:
            guard let state = error.sqlState else { return false }
            return state == "55P03" || ["08", "40", "53", "57P"].contains { state.hasPrefix($0) }
        }
    }
}
