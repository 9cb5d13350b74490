import Synchronization

/// What one arming transaction has of the turnstile's seats. It may be run again, and fail in the end: then they are given back.
final class BoardingPass: Sendable {
    private let turns: Turnstile
    private let boarded = Atomic<Int>(0)

    init(_ turns: Turnstile) { self.turns = turns }

    func board(_ count: Int) throws(Turnstile.NoRoom) {
        try turns.board(count)
        boarded.store(count, ordering: .relaxed)
    }

    func giveBack() { turns.unboard(boarded.exchange(0, ordering: .relaxed)) }
}
