/// What became of a thing that its source stated.
package enum Upsert: String, Sendable, Hashable, CaseIterable {
    case created, updated, unchanged
    /// The source has said something newer before: this was left alone.
    case outdated

    /// What is known of a version decides before any content does: equal says nothing new, older is ignored. 0: none given.
    static func verdict(stored: Int64, stated: Int64) -> Upsert? {
        guard stated > 0, stored > 0 else { return nil }
        return stated < stored ? .outdated : stated == stored ? .unchanged : nil
    }
}
