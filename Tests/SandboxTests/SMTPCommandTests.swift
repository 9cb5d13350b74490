import Testing

@testable import recoup_sandbox

@Suite struct `Understanding commands` {
    @Test(arguments: [
        ("EHLO client.example", SMTPCommand.ehlo("client.example")),
        ("ehlo [127.0.0.1]", .ehlo("[127.0.0.1]")),
        ("HELO x", .helo("x")),
        ("MAIL FROM:<a@b.example>", .mail(from: "a@b.example", size: nil)),
        ("mail from:<> SIZE=120", .mail(from: "", size: 120)),
        ("MAIL FROM: <a@b.example> BODY=7BIT AUTH=<>", .mail(from: "a@b.example", size: nil)),
        ("RCPT TO:<\"a > b\"@c.example>", .rcpt(to: "\"a > b\"@c.example")),
        ("RCPT TO:<o'neil+tag@c.example>", .rcpt(to: "o'neil+tag@c.example")),
        ("RCPT TO:<Postmaster>", .rcpt(to: "Postmaster")),
        ("AUTH plain AGEAYg==", .auth(mechanism: "PLAIN", initial: "AGEAYg==")),
        ("AUTH LOGIN", .auth(mechanism: "LOGIN", initial: nil)),
        ("DATA", .data), ("rset", .rset), ("NOOP ignored", .noop), ("VRFY a", .vrfy), ("QUIT", .quit),
    ])
    func `good lines are understood`(line: String, command: SMTPCommand) throws {
        #expect(try SMTPCommand(parsing: line) == command)
    }

    @Test(arguments: [
        ("", 500), ("HELLO x", 500), ("EHLO", 501), ("EHLO a b", 501), ("STARTTLS", 502), ("BDAT 3", 502),
        ("DATA now", 501), ("MAIL FROM:a@b.example", 501), ("MAIL TO:<a@b.example>", 501),
        ("MAIL FROM:<a@b.example", 501),
        ("MAIL FROM:<a@b.example>x", 501), ("MAIL FROM:<a@b.example> SIZE=x", 501),
        ("MAIL FROM:<a@b.example> SMTPUTF8", 555),
        ("MAIL FROM:<a@b.example> BODY=8BITMIME", 555), ("RCPT TO:<>", 501), ("RCPT TO:<a>", 501),
        ("RCPT TO:<a@>", 501),
        ("RCPT TO:<@b.example>", 501), ("RCPT TO:<a..b@c.example>", 501), ("RCPT TO:<a b@c.example>", 501),
        ("RCPT TO:<a@b@c.example>", 501), ("RCPT TO:<a@-b.example>", 501), ("RCPT TO:<ü@c.example>", 501),
        ("RCPT TO:<a@c.example> NOTIFY=NEVER", 555), ("AUTH", 501),
    ])
    func `bad lines are refused with the right code`(line: String, code: Int) {
        #expect { try SMTPCommand(parsing: line) } throws: { ($0 as? SMTPRefusal)?.reply.code == code }
    }

    @Test func `a reply with several lines marks all but the last`() {
        #expect(String(decoding: SMTPReply(250, ["a", "b"]).bytes, as: UTF8.self) == "250-a\r\n250 b\r\n")
        #expect(String(decoding: SMTPReply(250, "").bytes, as: UTF8.self) == "250\r\n")
        #expect(String(decoding: SMTPReply(250, []).bytes, as: UTF8.self) == "250\r\n")
    }
}
