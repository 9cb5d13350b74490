/// Follows one transfer through the replies the server gave, to know what the last one answered.
///
/// libcurl reports a refused MAIL and a refused RCPT with the same code, and its progress is not visible otherwise:
/// the commands go unseen unless verbose output is on, which would also show the password.
struct Conversation {
    /// What is waited for next.
    private(set) var stage: Transfer.Stage = .connect
    /// The last complete reply. The 221 that answers QUIT is not counted: it says nothing about the mail.
    private(set) var last: Reply?
    /// The reply to the final dot.
    private(set) var dot: Reply?
    private var pending: (code: Int, text: String)?
    private var secured: Bool
    private let startsTLS: Bool
    private let logsIn: Bool

    /// A server can send lines without end; what a person would read fits in this.
    private static let textLimit = 2_048

    init(startsTLS: Bool, logsIn: Bool) {
        self.startsTLS = startsTLS
        self.logsIn = logsIn
        secured = !startsTLS
    }

    /// Takes one line as the server sent it. `isFresh` says that this transfer opened its own connection.
    mutating func take(_ line: some Collection<UInt8>, isFresh: Bool) {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return }
        let code = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        let rest = line.dropFirst(3)
        let words = String(decoding: rest.dropFirst().prefix(Self.textLimit), as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let earlier = pending?.code == code ? pending?.text ?? "" : ""
        var text = earlier.isEmpty ? words : words.isEmpty ? earlier : earlier + " " + words
        if text.utf8.count > Self.textLimit { text = String(text.prefix(Self.textLimit)) }
        guard rest.first != 0x2D else {
            pending = (code, text)
            return
        }
        pending = nil
        guard code != 221 else { return }
        let reply = Reply(code: code, text: text)
        last = reply
        advance(over: reply, isFresh: isFresh)
    }

    private mutating func advance(over reply: Reply, isFresh: Bool) {
        if stage == .connect { stage = isFresh ? .greeting : .sender }
        switch (stage, reply.code) {
        case (.greeting, 220): stage = .hello
        case (.hello, 250): stage = !secured ? .tls : logsIn ? .login : .sender
        case (.tls, 220):
            secured = true
            stage = .hello
        case (.login, 235): stage = .sender
        // A server without AUTH is talked to without logging in; its 250 then answers MAIL.
        case (.login, 250), (.sender, 250): stage = .recipient
        case (.recipient, 250...259): stage = .data
        case (.data, 354): stage = .body
        case (.body, _):
            dot = reply
            stage = .dot
        default: break
        }
    }
}
