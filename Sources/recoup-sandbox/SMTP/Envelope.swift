/// Who sends to whom, as said on the wire; the header of the mail may say otherwise.
struct Envelope: Sendable, Equatable {
    let from: String
    var to: [String]
    /// The user name given to AUTH on this connection.
    let user: String?
}

/// All bytes of a mail, the final dot having arrived.
struct Content: Sendable, Equatable {
    /// The mail with dot-stuffing undone; empty when it was larger than the limit.
    let raw: [UInt8]
    /// Bytes between the reply to DATA and the end of the final dot line, as they came.
    let wireSize: Int
}

/// How it ended for a mail, where, and with which reply (`nil`: none was written).
struct Fate: Sendable, Equatable {
    enum Outcome: String, Sendable, Codable, CaseIterable { case accepted, refused, dropped }

    let outcome: Outcome
    let stage: Stage
    let reply: String?
}

/// What a client gave to AUTH. This relay takes any credentials and shows them, so never give it real ones.
struct Credentials: Sendable, Equatable {
    let mechanism: String
    let user: String
    let password: String
}
