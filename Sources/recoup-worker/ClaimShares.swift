import Synchronization

/// How much each lane of a worker may claim ahead.
///
/// What one worker has claimed no other sends, until it is given back or its worker is found dead. So all lanes together hold
/// what the wire takes in a few seconds, each an equal part of it.
final class ClaimShares: Sendable {
    /// A claim has costs of its own: fewer rows are not worth them.
    static let least = 10
    static let largest = 100

    private let total: Int
    private let lanes = Atomic<Int>(0)

    /// - Parameter total: claims that all lanes together should hold; more where each has only the ``least``.
    init(total: Int) { self.total = total }

    /// Another lane is worked.
    func enter() { lanes.add(1, ordering: .relaxed) }

    func leave() { lanes.subtract(1, ordering: .relaxed) }

    /// Rows a lane may claim at a time, once it has less than half as many.
    var batch: Int { min(Self.largest, max(Self.least, total / max(1, lanes.load(ordering: .relaxed)))) }
}
