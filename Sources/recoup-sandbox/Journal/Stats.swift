import Foundation

/// Counts since the start, or since the journal was cleared.
struct Stats: Sendable, Encodable {
    struct Connections: Sendable, Encodable {
        var open = 0
        var total = 0
    }

    var accepted = 0
    var refused = 0
    var dropped = 0
    /// Mails whose bytes are all here and which are not decided yet: the client is waiting, or has gone.
    var waiting = 0
    var kept = 0
    var forgotten = 0
    var auths = 0
    var connections = Connections()

    subscript(outcome: Fate.Outcome) -> Int {
        get {
            switch outcome {
            case .accepted: accepted
            case .refused: refused
            case .dropped: dropped
            }
        }
        set {
            switch outcome {
            case .accepted: accepted = newValue
            case .refused: refused = newValue
            case .dropped: dropped = newValue
            }
        }
    }
}

/// One AUTH, taken or refused.
struct Auth: Sendable, Encodable {
    let at: Date
    let connection: Int
    let mechanism: String
    let user: String
    let password: String
    let accepted: Bool
}
