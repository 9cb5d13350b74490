import Synchronization

/// The script in force. The first reaction that matches and is not spent decides.
final class ReactionBook: Sendable {
    /// A reaction and how often it has been used.
    struct Line: Sendable, Equatable {
        let reaction: Reaction
        var used = 0
    }

    private let lines = Mutex<[Line]>([])

    var current: [Line] { lines.withLock { $0 } }

    /// Replaces the whole script; counts start again at zero.
    func replace(with reactions: [Reaction]) {
        lines.withLock { $0 = reactions.map { Line(reaction: $0) } }
    }

    /// The reaction for this moment, counted as used. Sessions run side by side; `first: n` is still exactly n.
    func take(_ stage: Stage, for recipients: [String]) -> Reaction? {
        lines.withLock { lines in
            let index = lines.firstIndex { line in
                guard line.reaction.stage == stage, line.used < line.reaction.first ?? .max else { return false }
                return line.reaction.to.isAnyone || recipients.contains { line.reaction.to.matches($0) }
            }
            guard let index else { return nil }
            lines[index].used += 1
            return lines[index].reaction
        }
    }
}
