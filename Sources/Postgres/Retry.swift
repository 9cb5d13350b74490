/// How often one transaction may be run again, and after which pause. Only failures that wrote nothing count.
struct Retry {
    enum Cause: Sendable {
        /// A deadlock, or a serialization failure.
        case lostRace
        /// A lock was not had in time; waiting it out once is all a thread is kept for.
        case lockTimeout
        /// An idle connection turned out to be dead, as after a restart of the server.
        case deadConnection
        /// A prepared statement is not as we left it: somebody pools the connection, or the tables were changed.
        case lostPlan
    }

    private var lostRaces = 0
    private var lockTimeouts = 0
    private var deadConnections = 0
    private var lostPlans = 0

    /// The pause before the next try; `nil` when there is none.
    ///
    /// A lost race is run at most five times in all, with pauses that grow and differ, so that the same two do not meet
    /// again.
    mutating func pause(after cause: Cause, using generator: inout some RandomNumberGenerator) -> Duration? {
        switch cause {
        case .lostRace:
            lostRaces += 1
            guard lostRaces < 5 else { return nil }
            return .milliseconds(Int.random(in: 1...(10 << lostRaces), using: &generator))
        case .lockTimeout:
            lockTimeouts += 1
            return lockTimeouts == 1 ? .milliseconds(Int.random(in: 1...50, using: &generator)) : nil
        case .deadConnection:
            deadConnections += 1
            return deadConnections == 1 ? .zero : nil
        case .lostPlan:
            lostPlans += 1
            return lostPlans == 1 ? .zero : nil
        }
    }
}
