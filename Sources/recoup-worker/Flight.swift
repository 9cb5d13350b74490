import Foundation
import Operations
import Synchronization

/// One armed message in this process's memory: what it remembers decides what happens after a lost connection.
final class Flight: Sendable {
    /// Armed and not begun within this time: the gate is asked again (architecture 4.10).
    static let patience = Duration.seconds(5)

    let armed: ArmedMessage
    /// Of the gateway's sessions, as many as it may find in use and still begin on another one.
    let sessions: Int
    private let armedAt: ContinuousClock.Instant
    private let begun = Atomic<Bool>(false)

    init(_ armed: ArmedMessage, sessions: Int, at instant: ContinuousClock.Instant) {
        self.armed = armed
        self.sessions = sessions
        self.armedAt = instant
    }

    /// Asked on the session's thread just before anything of the message can leave.
    func mayBegin(isAlive: Bool) -> Bool {
        guard isAlive, ContinuousClock.now - armedAt < Self.patience else { return hasBegun }
        begun.store(true, ordering: .sequentiallyConsistent)
        return true
    }

    var hasBegun: Bool { begun.load(ordering: .sequentiallyConsistent) }
}
