import Dispatch
import Synchronization

/// A few things between a thread of its own, which may block, and tasks, which may not.
///
/// One thread on one side, one task on the other.
final class Handoff<Element: Sendable>: Sendable {
    private struct State {
        var items: [Element] = []
        var isClosed = false
        var task: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let thread = DispatchSemaphore(value: 0)
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// From here on nothing is taken in, and what is there may still be taken out.
    func close() {
        let task = state.withLock { state in
            state.isClosed = true
            return state.task.take()
        }
        task?.resume()
        thread.signal()
    }

    // MARK: The task's side

    /// False when it is closed.
    func put(_ item: Element) async -> Bool {
        while true {
            switch state.withLock({ Self.put(item, into: &$0, capacity) }) {
            case true?:
                thread.signal()
                return true
            case false?: return false
            case nil: await change { $0.items.count < self.capacity || $0.isClosed }
            }
        }
    }

    /// `nil` when it is closed and empty.
    func take() async -> Element? {
        while true {
            if let taken = state.withLock({ Self.take(&$0) }) {
                thread.signal()
                return taken
            }
            if state.withLock({ $0.isClosed && $0.items.isEmpty }) { return nil }
            await change { !$0.items.isEmpty || $0.isClosed }
        }
    }

    private func change(until isReady: @Sendable (borrowing State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if isReady(state) { return true }
                state.task = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    // MARK: The thread's side

    func putBlocking(_ item: Element) -> Bool {
        while true {
            let (isPut, task) = state.withLock { state in
                (Self.put(item, into: &state, capacity), state.task.take())
            }
            task?.resume()
            if let isPut { return isPut }
            thread.wait()
        }
    }

    func takeBlocking() -> Element? {
        while true {
            let (taken, isOver, task) = state.withLock { state in
                let taken = Self.take(&state)
                return (taken, state.isClosed && state.items.isEmpty, state.task.take())
            }
            task?.resume()
            if let taken { return taken }
            if isOver { return nil }
            thread.wait()
        }
    }

    /// `nil` while it is full.
    private static func put(_ item: Element, into state: inout State, _ capacity: Int) -> Bool? {
        if state.isClosed { return false }
        guard state.items.count < capacity else { return nil }
        state.items.append(item)
        return true
    }

    private static func take(_ state: inout State) -> Element? {
        state.items.isEmpty ? nil : state.items.removeFirst()
    }
}
