extension Step {
    /// Where a case goes from a step.
    package enum Target: Hashable, Sendable {
        case step(String)
        /// No further step: the case is exhausted.
        case end

        /// The word for ``end``; no step has it as its key.
        package static let endWord = "end"

        package init(_ text: String) { self = text == Self.endWord ? .end : .step(text) }

        package var text: String {
            switch self {
            case .step(let key): key
            case .end: Self.endWord
            }
        }
    }

    /// One way of a branch.
    package struct Branch: Hashable, Sendable {
        package let condition: Condition
        package let target: Target

        package init(if condition: Condition, then target: Target) {
            self.condition = condition
            self.target = target
        }
    }

    /// One arm of a split: its share is its weight among all weights.
    package struct Share: Hashable, Sendable {
        package let name: String
        package let weight: Int
        package let target: Target

        package init(name: String, weight: Int, target: Target) {
            self.name = name
            self.weight = weight
            self.target = target
        }
    }

    /// Ways on that depend on what comes out of a step. Where none is given, the case goes to the step that follows.
    package enum Arms: Hashable, Sendable {
        case none
        /// The first whose condition holds.
        case branch([Branch], otherwise: Target?)
        case split(experiment: String, [Share])
        /// By the outcome of a task, `timeout` where nobody answered; of a wait, `event` or `timeout`.
        case outcomes([String: Target])
        /// Back to an earlier step, at most so many times in a cycle.
        case again(from: String, times: Int)

        /// The word for an outcome that nobody gave in time.
        package static let timeout = "timeout"
        /// The word for the end of a wait by what it waited for.
        package static let event = "event"
        package static let approved = "approved"
        package static let declined = "declined"

        package var targets: [Target] {
            switch self {
            case .none: []
            case .branch(let branches, let otherwise): branches.map(\.target) + [otherwise].compactMap(\.self)
            case .split(_, let shares): shares.map(\.target)
            case .outcomes(let outcomes): outcomes.sorted { $0.key < $1.key }.map(\.value)
            case .again(let key, _): [.step(key)]
            }
        }
    }

    /// Whether the case may simply go on to the step that follows.
    package var fallsThrough: Bool {
        switch arms {
        case .branch(_, let otherwise): otherwise == nil
        case .split: false
        case .none, .outcomes, .again: true
        }
    }
}

extension Step.Arms {
    /// The share a customer falls into: FNV-1a over the experiment's name and the customer, the same on every machine.
    package static func share(
        of customer: ID<Customer>, experiment: String, among shares: [Step.Share]
    ) -> Step.Share? {
        let total = shares.reduce(0) { $0 + max(0, $1.weight) }
        guard total > 0 else { return shares.first }
        let text = experiment.utf8.map(\.self) + [0] + customer.description.utf8.map(\.self)
        var hash = text.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        // The low bits of FNV alone are uneven over names that differ in their last letter.
        hash ^= hash >> 32
        var place = Int(hash % UInt64(total))
        for share in shares {
            place -= max(0, share.weight)
            if place < 0 { return share }
        }
        return shares.last
    }
}
