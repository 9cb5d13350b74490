import Foundation

/// The questions and answers of AUTH PLAIN and AUTH LOGIN (RFC 4954; LOGIN by custom, as no RFC has it).
struct AuthDialogue: Sendable {
    enum Turn: Sendable, Equatable {
        /// Write 334 with this prompt and wait for a line.
        case ask(String)
        case done(Credentials)
    }

    private enum Awaiting { case plain, user, password(user: String) }

    private var awaiting: Awaiting

    init(mechanism: String) throws(SMTPRefusal) {
        switch mechanism {
        case "PLAIN": awaiting = .plain
        case "LOGIN": awaiting = .user
        default: throw SMTPRefusal(504, "5.5.4 mechanism not supported")
        }
    }

    /// The first turn; `initial` is what the client already said on the AUTH line.
    mutating func begin(with initial: String?) throws(SMTPRefusal) -> Turn {
        if let initial { return try take(initial) }
        switch awaiting {
        case .plain: return .ask("")
        case .user, .password: return .ask("VXNlcm5hbWU6")
        }
    }

    mutating func take(_ line: String) throws(SMTPRefusal) -> Turn {
        guard line != "*" else { throw SMTPRefusal(501, "5.0.0 authentication cancelled") }
        guard let data = line == "=" ? Data() : Data(base64Encoded: line) else {
            throw SMTPRefusal(501, "5.5.2 not base64")
        }
        switch awaiting {
        case .user:
            awaiting = .password(user: Self.text(data))
            return .ask("UGFzc3dvcmQ6")
        case .password(let user):
            return .done(Credentials(mechanism: "LOGIN", user: user, password: Self.text(data)))
        case .plain:
            let words = data.split(separator: 0, omittingEmptySubsequences: false)
            guard words.count == 3 else { throw SMTPRefusal(501, "5.5.2 PLAIN is identity NUL user NUL password") }
            return .done(Credentials(mechanism: "PLAIN", user: Self.text(words[1]), password: Self.text(words[2])))
        }
    }

    private static func text(_ data: Data) -> String {
        String(decoding: data, as: UTF8.self)
    }
}
