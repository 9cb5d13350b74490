import Foundation
import Synchronization

/// Lets tenants take turns at what a worker has little of: transactions that arm, and messages on the wire.
///
/// Start-time fair queueing (Goyal, Vin, Cheng 1996): a turn begins where the tenant's last one ended, and ends later by the
/// work done divided by its weight; the smallest beginning is next. A tenant that comes back after a while begins at most
/// ``credit`` behind the others.
///
/// A transaction costs much the same for one message as for ten. So whoever is next waits until there is room for all it wants,
/// or for half of everything; but no longer than ``patience`` from when it is next, for a slow relay may keep the rest for long.
/// Nor does anybody get more than that half: what is left would be too little for the one after.
final class Turnstile: Sendable {
    /// What a tenant may lag behind, in messages of weight 100.
    private static let credit = 50.0
    static let patience = Duration.milliseconds(20)

    private struct Waiting {
        let tenant: UUID
        let weight: Int
        let wanted: Int
        let granted: CheckedContinuation<Int, Never>
    }

    private struct State {
        var places: Int
        var room: Int
        let plenty: Int
        var time = 0.0
        var ends: [UUID: Double] = [:]
        var line: [Waiting] = []
        /// Since when the next one has been waiting for more room than there is.
        var heldSince: ContinuousClock.Instant?
        var isOpen = false
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - places: turns at the same time.
    ///   - room: messages that may be armed or on the wire at the same time.
    init(places: Int, room: Int) {
        state = Mutex(State(places: max(1, places), room: max(1, room), plenty: max(1, room / 2)))
    }

    /// Waits for a turn; for how many of the wanted messages there is room. 0: nobody waits any more, the worker ends.
    func enter(_ tenant: UUID, weight: Int, wanting wanted: Int) async -> Int {
        await withCheckedContinuation { granted in
            let isOver = state.withLock { state in
                guard !state.isOpen else { return true }
                state.line.append(
                    Waiting(tenant: tenant, weight: weight, wanted: max(1, wanted), granted: granted))
                return false
            }
            if isOver { granted.resume(returning: 0) } else { resume { _ in } }
        }
    }

    /// A turn is over: of the messages there was room for, so many were armed. The others' room is free again.
    func leave(granted: Int, armed: Int) {
        guard granted > 0 else { return }
        resume { state in
            state.places += 1
            state.room += granted - armed
        }
    }

    /// Messages left the wire.
    func landed(_ count: Int) {
        guard count > 0 else { return }
        resume { $0.room += count }
    }

    /// Nobody waits from here on.
    func open() {
        let line = state.withLock { state in
            state.isOpen = true
            defer { state.line = [] }
            return state.line
        }
        for waiting in line { waiting.granted.resume(returning: 0) }
    }

    private func resume(_ change: (inout State) -> Void) {
        let (ready, isHeld) = state.withLock { state in
            change(&state)
            let before = state.heldSince
            let ready = Self.admit(&state, .now)
            return (ready, state.heldSince != nil && state.heldSince != before)
        }
        for (waiting, count) in ready { waiting.granted.resume(returning: count) }
        // Room may come before the patience ends, and nothing after it.
        guard isHeld else { return }
        Task {
            try? await Task.sleep(for: Self.patience)
            resume { _ in }
        }
    }

    private static func admit(_ state: inout State, _ now: ContinuousClock.Instant) -> [(Waiting, Int)] {
        var admitted: [(Waiting, Int)] = []
        while state.places > 0, state.room > 0, !state.line.isEmpty {
            var (next, begin) = (0, Double.infinity)
            for (index, waiting) in state.line.enumerated() {
                let start = max(state.ends[waiting.tenant] ?? 0, state.time - credit)
                if start < begin { (next, begin) = (index, start) }
            }
            let waiting = state.line[next]
            if state.room < min(waiting.wanted, state.plenty) {
                let since = state.heldSince ?? now
                state.heldSince = since
                guard now - since >= patience else { break }
            }
            state.heldSince = nil
            state.line.remove(at: next)
            let count = min(waiting.wanted, state.room, state.plenty)
            state.places -= 1
            state.room -= count
            state.time = max(state.time, begin)
            // What is behind by more than the credit begins there anyway.
            if state.ends.count > 4_096 { state.ends = state.ends.filter { $0.value > state.time - credit } }
            state.ends[waiting.tenant] = begin + Double(count) * 100 / Double(waiting.weight)
            admitted.append((waiting, count))
        }
        return admitted
    }
}
