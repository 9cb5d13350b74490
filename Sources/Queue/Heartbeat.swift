package import Foundation
package import Postgres
import Synchronization

/// Keeps one worker alive in the database, and knows when it last did. On a connection of its own.
package final class Heartbeat: Sendable {
    /// No wire is started when the last good beat is older (architecture 4.10); dead comes at 30 s.
    package static let wireSeconds = 20
    package static let everySeconds = 5

    private struct State {
        var worker: UUID
        var lastGood: ContinuousClock.Instant?
    }

    private let database: Database
    private let host: String
    private let state: Mutex<State>

    package init(database: Database, host: String, worker: UUID) {
        self.database = database
        self.host = host
        self.state = Mutex(State(worker: worker))
    }

    /// The id under which new claims are made: another one after this worker was declared dead.
    package var worker: UUID { state.withLock { $0.worker } }

    package var mayStartWire: Bool {
        state.withLock { state in
            guard let last = state.lastGood else { return false }
            return ContinuousClock.now - last < .seconds(Self.wireSeconds)
        }
    }

    /// This worker has ended well and holds nothing.
    package func farewell() async throws {
        let worker = worker
        try await database.write(as: .none) { tx in _ = try tx.rows("due_farewell", worker) }
    }

    /// One beat. A worker that was declared dead meanwhile starts anew under `fresh`; returns whether that happened.
    package func beat(fresh: UUID) async throws -> Bool {
        let sent = ContinuousClock.now
        let worker = worker
        let host = host
        let alive: Bool = try await database.write(as: .none) { tx in
            try tx.row("due_heartbeat", worker, host)("alive")
        }
        return state.withLock { state in
            guard state.worker == worker else { return false }
            if alive {
                state.lastGood = sent
                return false
            }
            state.worker = fresh
            state.lastGood = nil
            return true
        }
    }
}
