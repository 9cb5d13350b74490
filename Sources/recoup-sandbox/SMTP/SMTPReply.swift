/// One answer of the server: a code and its lines (RFC 5321, 4.2).
struct SMTPReply: Sendable, Equatable {
    let code: Int
    let lines: [String]

    /// `lines` may be empty; the reply is then the bare code, which RFC 5321 allows and few clients are tested with.
    init(_ code: Int, _ lines: [String]) {
        self.code = code
        self.lines = lines
    }

    init(_ code: Int, _ line: String) {
        self.init(code, [line])
    }

    /// What to say with a code when the script gives no text; the enhanced codes are those of RFC 3463.
    static func usualText(for code: Int) -> String {
        switch code {
        case 220: "recoup-sandbox ESMTP"
        case 235: "2.7.0 welcome"
        case 354: "end with <CR><LF>.<CR><LF>"
        case 421: "4.3.2 service not available, closing"
        case 450: "4.2.1 mailbox busy, try again later"
        case 451: "4.3.0 local trouble, try again later"
        case 452: "4.2.2 mailbox full, try again later"
        case 454: "4.7.0 authentication is down, try again later"
        case 530: "5.7.0 authentication required"
        case 535: "5.7.8 credentials refused"
        case 550: "5.1.1 no such mailbox"
        case 552: "5.2.2 mailbox full"
        case 553: "5.1.3 bad address"
        case 554: "5.7.1 refused by policy"
        default: "\(code / 100).0.0 scripted reply"
        }
    }

    /// The reply as a log or a journal shows it: one line, without the line end.
    var summary: String {
        lines.isEmpty ? "\(code)" : "\(code) \(lines.joined(separator: " / "))"
    }

    /// The reply as it goes on the wire, every line ended by CRLF.
    var bytes: [UInt8] {
        guard let last = lines.last, !(lines.count == 1 && last.isEmpty) else { return Array("\(code)\r\n".utf8) }
        let head = lines.dropLast().map { "\(code)-\($0)\r\n" }.joined()
        return Array((head + "\(code) \(last)\r\n").utf8)
    }
}

/// A line the server will not act on, with the reply that says why.
struct SMTPRefusal: Error, Equatable {
    let reply: SMTPReply

    init(_ code: Int, _ line: String) {
        reply = SMTPReply(code, line)
    }
}
