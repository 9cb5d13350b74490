import Foundation

/// What became of one request to send a text message. Written once, when it was decided.
struct TextMessage: Sendable {
    /// Which of the two pretend gateways was asked.
    enum Gateway: String, Sendable, Codable, CaseIterable { case twilio, generic }

    /// What the gateway made of it; the answer may have said something else, or never left.
    enum Outcome: String, Sendable, Codable, CaseIterable { case accepted, refused, dropped }

    let seq: Int
    let gateway: Gateway
    let account: String
    /// What it signs its receipts with.
    let secret: String
    let from: String
    let to: String
    let text: String
    /// The client's own token, from the callback address or the body.
    let ref: String?
    let callback: String?
    /// The gateway's id.
    let id: String
    let outcome: Outcome
    /// What was answered; `nil` when the connection was closed without a word.
    let status: Int?
    let connection: Int
    /// Which request of its connection it was, from 1.
    let request: Int
    let at: Date
}

/// One message as the API tells it.
struct TextEntry: Encodable {
    let seq: Int
    let gateway: TextMessage.Gateway
    let account: String
    let from: String
    let to: String
    let text: String
    let ref: String?
    let id: String
    let outcome: TextMessage.Outcome
    let status: Int?
    let connection: Int
    let request: Int
    let at: Date

    init(_ message: TextMessage) {
        seq = message.seq
        gateway = message.gateway
        account = message.account
        from = message.from
        to = message.to
        text = message.text
        ref = message.ref
        id = message.id
        outcome = message.outcome
        status = message.status
        connection = message.connection
        request = message.request
        at = message.at
    }
}

/// Which telephone numbers something is for: `*`, `+49*`, or one number.
struct NumberPattern: Sendable, Hashable, Codable {
    static let anyone = NumberPattern(text: "*")

    private let text: String

    private init(text: String) { self.text = text }

    /// `nil` when the text is none of the three forms.
    init?(_ text: String) {
        let body = text.hasSuffix("*") ? text.dropLast() : text[...]
        guard text == "*" || body.wholeMatch(of: /\+[0-9]{0,15}/) != nil else { return nil }
        self.text = text
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let pattern = NumberPattern(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be a number, +49* or *")
        }
        self = pattern
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    func matches(_ number: String) -> Bool {
        text.hasSuffix("*") ? number.hasPrefix(text.dropLast()) : number == text
    }
}
