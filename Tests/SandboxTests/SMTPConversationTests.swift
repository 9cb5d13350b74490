import Foundation
import Testing

@testable import recoup_sandbox

@Suite struct `An SMTP conversation` {
    private typealias Step = SMTPConversation.Step

    /// Says `input` in one go, or cut into pieces, and collects every step.
    private func talk(_ input: String, limit: Int = 1_000, pieces: Int = .max, _ reactions: Reaction...) -> [Step] {
        let book = ReactionBook()
        book.replace(with: reactions)
        var conversation = SMTPConversation(host: "mx", sizeLimit: limit)
        var steps: [Step] = []
        var rest = Array(input.utf8)[...]
        repeat {
            conversation.receive(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            while let step = conversation.next(book.take) { steps.append(step) }
        } while !rest.isEmpty
        return steps
    }

    private func codes(_ steps: [Step]) -> [String] {
        steps.compactMap { step in
            if case .write(let bytes) = step { String(decoding: bytes.prefix(3), as: UTF8.self) } else { nil }
        }
    }

    private func fates(_ steps: [Step]) -> [Fate] {
        steps.compactMap { if case .ended(_, _, let fate) = $0 { fate } else { nil } }
    }

    private static let opening = "EHLO c\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n"
    private static let whole = opening + "Subject: s\r\n\r\n..x\r\n.\r\nQUIT\r\n"

    @Test func `a whole session is served, pipelined in one piece`() {
        let steps = talk(Self.whole)
        #expect(codes(steps) == ["220", "250", "250", "250", "354", "250", "221"])
        let content = Content(raw: Array("Subject: s\r\n\r\n.x\r\n".utf8), wireSize: 22)
        let envelope = Envelope(from: "a@x.example", to: ["b@y.example"], user: nil)
        let fate = Fate(outcome: .accepted, stage: .dot, reply: "250 2.0.0 accepted")
        #expect(steps.contains(.ended(envelope, content, fate)))
        #expect(steps.last == .close(.orderly))
    }

    @Test(arguments: 1...5) func `cutting the bytes differently changes nothing`(size: Int) {
        #expect(talk(Self.whole, pieces: size) == talk(Self.whole))
    }

    @Test func `a mail is accepted before the reply is written`() throws {
        let steps = talk(Self.whole)
        let received = try #require(steps.firstIndex(of: .received))
        let ended = try #require(steps.firstIndex { if case .ended = $0 { true } else { false } })
        #expect(received < ended)
        #expect(steps[ended + 1] == .write(Array("250 2.0.0 accepted\r\n".utf8)))
    }

    @Test func `a delay comes before acceptance, or after it when the script says so`() throws {
        func order(before: Bool) -> [String] {
            let delay = Reaction.Delay(milliseconds: 9, before: before)
            let reaction = Reaction(stage: .dot, to: .anyone, first: nil, act: .accept, delay: delay)
            return talk(Self.whole, reaction).drop { $0 != .received }.prefix(4).map { step in
                switch step {
                case .pause: "pause"
                case .ended: "ended"
                case .write: "write"
                default: "other"
                }
            }
        }
        #expect(order(before: false) == ["other", "pause", "ended", "write"])
        #expect(order(before: true) == ["other", "ended", "pause", "write"])
    }

    @Test(arguments: [
        ("MAIL FROM:<a@x.example>\r\n", "503"), ("EHLO c\r\nRCPT TO:<a@x.example>\r\n", "503"),
        ("EHLO c\r\nDATA\r\n", "503"), ("EHLO c\r\nMAIL FROM:<a@x.example>\r\nDATA\r\n", "503"),
        ("EHLO c\r\nMAIL FROM:<a@x.example>\r\nMAIL FROM:<a@x.example>\r\n", "503"),
        ("EHLO c\r\nMAIL FROM:<a@x.example> SIZE=1001\r\n", "552"), ("AUTH PLAIN AGEAYg==\r\n", "503"),
        ("EHLO c\r\nAUTH CRAM-MD5\r\n", "504"), ("EHLO c\r\nAUTH PLAIN !\r\n", "501"),
        ("EHLO c\r\nAUTH PLAIN YQ==\r\n", "501"),
        ("EHLO c\r\nAUTH PLAIN\r\n*\r\n", "501"), ("NOOP\n", "500"), ("NO\u{7}OP\r\n", "500"),
    ])
    func `what comes out of turn is answered properly`(input: String, code: String) {
        #expect(codes(talk(input)).last == code)
    }

    @Test func `a line too long is refused and the next one served`() {
        let long = String(repeating: "x", count: 40_000)
        #expect(codes(talk(long + "\r\nNOOP\r\n", pieces: 1_000)) == ["220", "500", "250"])
        #expect(codes(talk(long + "\r\nNOOP\r\n")) == ["220", "500", "250"])
    }

    @Test func `a failed or reset mail leaves the session usable`() {
        let steps = talk("EHLO c\r\nMAIL FROM:<a@x.example>\r\nRSET\r\n" + Self.whole.dropFirst(7))
        #expect(codes(steps).suffix(3) == ["354", "250", "221"])
        #expect(fates(steps).map(\.outcome) == [.accepted])
    }

    @Test func `a mail too large or with bare newlines is refused after its end`() {
        let large = talk(Self.opening + String(repeating: "x", count: 1_001) + "\r\n.\r\nNOOP\r\n")
        #expect(codes(large).suffix(2) == ["552", "250"])
        let bare = talk(Self.opening + "a\n.\nb\r\n.\r\nNOOP\r\n")
        #expect(codes(bare).suffix(2) == ["554", "250"])
        #expect(fates(large + bare).map(\.outcome) == [.refused, .refused])
    }

    @Test(arguments: [
        "AUTH PLAIN AGhhbGRlbgBzw6ljcmV0\r\n", "AUTH PLAIN\r\nAGhhbGRlbgBzw6ljcmV0\r\n",
        "AUTH LOGIN\r\naGFsZGVu\r\nc8OpY3JldA==\r\n", "AUTH LOGIN aGFsZGVu\r\nc8OpY3JldA==\r\n",
    ])
    func `both ways to authenticate give the credentials`(lines: String) {
        let steps = talk("EHLO c\r\n" + lines + "AUTH PLAIN AGEAYg==\r\n" + Self.whole.dropFirst(7))
        let given = steps.compactMap { if case .authenticated(let credentials, true) = $0 { credentials } else { nil } }
        #expect(given.map(\.user) == ["halden"])
        #expect(given.map(\.password) == ["sécret"])
        #expect(codes(steps).contains("503"))
        let users = steps.compactMap { if case .ended(let envelope, _, _) = $0 { envelope.user } else { nil } }
        #expect(users == ["halden"])
    }

    @Test func `a refused greeting leaves only QUIT`() {
        let refusal = Reaction(stage: .connect, to: .anyone, first: nil, act: .reply(SMTPReply(554, "no")), delay: nil)
        #expect(codes(talk("EHLO c\r\nQUIT\r\n", refusal)) == ["554", "503", "221"])
    }

    @Test func `after 421 the server closes and hears nothing more`() {
        let busy = Reaction(stage: .mail, to: .anyone, first: nil, act: .reply(SMTPReply(421, "busy")), delay: nil)
        let steps = talk(Self.whole, busy)
        #expect(codes(steps) == ["220", "250", "421"])
        #expect(steps.last == .close(.orderly))
    }

    @Test func `a silent client is told and left`() {
        var conversation = SMTPConversation(host: "mx", sizeLimit: 10)
        _ = conversation.next { _, _ in nil }
        conversation.timeOut()
        var steps: [Step] = []
        while let step = conversation.next({ _, _ in nil }) { steps.append(step) }
        #expect(codes(steps) == ["421"])
        #expect(steps.last == .close(.orderly))
    }

    @Test func `a refused recipient does not stop the others`() {
        let gone = Reaction(
            stage: .rcpt, to: RecipientPattern("b@y.example") ?? .anyone, first: nil,
            act: .reply(SMTPReply(550, "5.1.1 gone")), delay: nil)
        let input =
            "EHLO c\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nRCPT TO:<c@y.example>\r\nDATA\r\nx\r\n.\r\n"
        let steps = talk(input, gone)
        let ended = steps.compactMap { step -> (Envelope, Fate)? in
            if case .ended(let envelope, _, let fate) = step { (envelope, fate) } else { nil }
        }
        #expect(ended.map(\.0.to) == [["b@y.example"], ["c@y.example"]])
        #expect(ended.map(\.1.outcome) == [.refused, .accepted])
    }

    @Test func `recipients beyond a thousand are told to come back`() {
        let recipients = (1...1_001).map { "RCPT TO:<r\($0)@y.example>\r\n" }.joined()
        #expect(codes(talk("EHLO c\r\nMAIL FROM:<a@x.example>\r\n" + recipients)).last == "452")
    }
}
