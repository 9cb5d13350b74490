import Synchronization

/// What the dispatcher tells a lane that is being worked.
final class LaneSignal: Sendable {
    private let urgent = Atomic<Bool>(false)
    private let crowded = Atomic<Bool>(false)

    /// Something came that goes before all that was claimed.
    func hurry() { urgent.store(true, ordering: .relaxed) }

    /// Whether something urgent came since this was last asked.
    func takeHurry() -> Bool { urgent.exchange(false, ordering: .relaxed) }

    /// Other lanes wait to be worked: this one ends with what it has claimed.
    func makeRoom() { crowded.store(true, ordering: .relaxed) }

    var isCrowded: Bool { crowded.load(ordering: .relaxed) }
}
