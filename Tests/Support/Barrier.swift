import Dispatch
import Foundation

/// Holds a transaction at one point until told to go on. A transaction has a thread of its own, so it may block it.
package final class Barrier: Sendable {
    private let reached = DispatchSemaphore(value: 0)
    private let open = DispatchSemaphore(value: 0)

    package init() {}

    /// Called inside the transaction: says that it is here, and waits.
    package func hold() {
        reached.signal()
        open.wait()
    }

    /// Until the transaction is at its point.
    package func arrival() async throws { try await onOwnThread { [reached] in reached.wait() } }

    /// Lets it go on.
    package func release() { open.signal() }
}

extension TestDatabase {
    /// Until some transaction waits for the lock of another. Throws when none does within some seconds.
    package func lockWait() async throws {
        for _ in 0..<1_000 {
            let waiting = try await number(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
            if waiting > 0 { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw TestServer.Unusable("nobody waits for a lock")
    }
}
