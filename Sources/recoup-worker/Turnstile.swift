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
///
/// The room of messages whose outcome another tenant is writing down just now counts as free already, so that the next are armed
/// meanwhile; they commit once it is (``board(_:within:)``). What is armed never exceeds the room.
final class Turnstile: Sendable {
    /// What a tenant may lag behind, in messages of weight 100.
    private static let credit = 50.0
    static let patience = Duration.milliseconds(20)

    /// There was no room after all: the arming transaction is to be given up.
    struct NoRoom: Error {}

    private struct Waiting {
        let tenant: UUID
        let weight: Int
        let wanted: Int
        let granted: CheckedContinuation<Int, Never>
    }

    private struct Boarding {
        let id: UUID
        let count: Int
        let mayGo: DispatchSemaphore
    }

    private struct State {
        var places: Int
        /// What is neither armed nor granted; below zero by what was granted of the room of the landing.
        var room: Int
        let plenty: Int
        /// What may still be armed.
        var seats: Int
        /// Messages whose outcome is being written down, by tenant.
        var landing: [UUID: Int] = [:]
        /// Whose transactions are done but for the commit, in their order.
        var boarding: [Boarding] = []
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
        let room = max(1, room)
        state = Mutex(State(places: max(1, places), room: room, plenty: max(1, room / 2), seats: room))
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

    /// So many messages are armed and about to be committed: waits, on this thread, until there is room for them.
    ///
    /// Throws ``NoRoom`` when there is none in time. Who waits keeps its customers locked, but holds up only its own tenant; and
    /// that tenant's outcomes were not counted on.
    func board(_ count: Int, within limit: Duration = .milliseconds(500)) throws(NoRoom) {
        guard count > 0 else { return }
        let boarding = Boarding(id: UUID(), count: count, mayGo: DispatchSemaphore(value: 0))
        state.withLock { state in
            state.boarding.append(boarding)
            Self.letBoard(&state)
        }
        guard boarding.mayGo.wait(timeout: .now() + limit / .seconds(1)) == .timedOut else { return }
        let hasGone = state.withLock { state in
            guard let place = state.boarding.firstIndex(where: { $0.id == boarding.id }) else { return true }
            state.boarding.remove(at: place)
            Self.letBoard(&state)
            return false
        }
        if !hasGone { throw NoRoom() }
    }

    /// What had boarded was not armed after all: its transaction failed.
    func unboard(_ count: Int) {
        guard count > 0 else { return }
        state.withLock { state in
            state.seats += count
            Self.letBoard(&state)
        }
    }

    /// The outcomes of so many of a tenant's messages are being written down; negative: no longer.
    func landing(_ count: Int, of tenant: UUID) {
        guard count != 0 else { return }
        resume { state in
            let left = state.landing[tenant, default: 0] + count
            state.landing[tenant] = left > 0 ? left : nil
        }
    }

    /// The outcomes of so many messages are written down.
    func landed(_ count: Int) {
        guard count > 0 else { return }
        resume { state in
            state.room += count
            state.seats += count
            Self.letBoard(&state)
        }
    }

    private static func letBoard(_ state: inout State) {
        while let next = state.boarding.first, next.count <= state.seats {
            state.boarding.removeFirst()
            state.seats -= next.count
            next.mayGo.signal()
        }
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
        while state.places > 0, !state.line.isEmpty {
            var (next, begin) = (0, Double.infinity)
            for (index, waiting) in state.line.enumerated() {
                let start = max(state.ends[waiting.tenant] ?? 0, state.time - credit)
                if start < begin { (next, begin) = (index, start) }
            }
            let waiting = state.line[next]
            let others = state.landing.reduce(0) { $1.key == waiting.tenant ? $0 : $0 + $1.value }
            let room = state.room + others
            guard room > 0 else { break }
            if room < min(waiting.wanted, state.plenty) {
                let since = state.heldSince ?? now
                state.heldSince = since
                guard now - since >= patience else { break }
            }
            state.heldSince = nil
            state.line.remove(at: next)
            let count = min(waiting.wanted, room, state.plenty)
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
