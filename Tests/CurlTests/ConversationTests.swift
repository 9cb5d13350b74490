import Testing

@testable import Curl

@Suite struct `Following a conversation` {
    private func follow(
        _ lines: [String], startsTLS: Bool = false, logsIn: Bool = false, isFresh: Bool = true
    ) -> Conversation {
        var conversation = Conversation(startsTLS: startsTLS, logsIn: logsIn)
        for line in lines { conversation.take(Array(line.utf8) + [0x0D, 0x0A], isFresh: isFresh) }
        return conversation
    }

    @Test(arguments: [
        (["220 hi"], Transfer.Stage.hello),
        (["220 hi", "250 EHLO"], .tls),
        (["220 hi", "250-a", "250 b", "220 TLS"], .hello),
        (["220 hi", "250 a", "220 TLS", "250 a"], .login),
        (["220 hi", "250 a", "220 TLS", "250 a", "334 VXNlcg==", "334 UGFzcw=="], .login),
        (["220 hi", "250 a", "220 TLS", "250 a", "235 in"], .sender),
        (["220 hi", "250 a", "220 TLS", "250 a", "235 in", "250 MAIL"], .recipient),
        (["220 hi", "250 a", "220 TLS", "250 a", "235 in", "250 MAIL", "251 RCPT"], .data),
        (["220 hi", "250 a", "220 TLS", "250 a", "235 in", "250 MAIL", "250 RCPT", "354 go"], .body),
        (["220 hi", "250 a", "220 TLS", "250 a", "250 MAIL without login"], .recipient),
        (["220 hi", "250 a", "220 TLS", "250 a", "530 log in first"], .login),
    ])
    func `the stage is the next thing to be answered`(lines: [String], stage: Transfer.Stage) {
        #expect(follow(lines, startsTLS: true, logsIn: true).stage == stage)
    }

    @Test func `a kept connection starts at the sender`() {
        #expect(follow(["250 MAIL"], startsTLS: true, logsIn: true, isFresh: false).stage == .recipient)
        #expect(follow(["421 idle"], isFresh: false).stage == .sender)
    }

    @Test func `the answer to QUIT is not about the mail`() {
        let conversation = follow(["220 hi", "250 a", "250 MAIL", "550 5.1.1 who", "221 bye"])
        #expect(conversation.last == Reply(code: 550, text: "5.1.1 who"))
        #expect(conversation.stage == .recipient)
    }

    @Test func `lines without end are cut, and rubbish is passed over`() {
        let flood = (1...5_000).map { "250-line \($0)" }
        let conversation = follow(["220 hi"] + flood + ["not a reply", "250 end"])
        #expect(conversation.last?.code == 250)
        #expect((conversation.last?.text.utf8.count ?? 0) <= 2_048)
        #expect(conversation.stage == .sender)
    }

    @Test(
        arguments: [
            ("5.1.1 no such user", "5.1.1"), ("4.7.26 later", "4.7.26"), ("2.0.0", "2.0.0"), ("no status", nil),
            ("5.1 short", nil), ("3.1.1 no such class", nil), ("5.1.1234 long", nil), ("5..1 gap", nil), ("", nil),
        ] as [(String, String?)])
    func `an enhanced status stands at the start of the text`(text: String, status: String?) {
        #expect(Reply(code: 550, text: text).enhancedStatus == status)
    }
}
