import Curl
import Testing

@testable import Gateways

/// One row of the table of outcomes: what was seen, and what it means.
struct Row: CustomTestStringConvertible, Sendable {
    var name: String
    var transfer: Transfer
    var word: String
    var strikes = false
    var isMailboxFull = false
    var repeatedHandshake = false

    var testDescription: String { name }

    init(
        _ name: String, _ curl: Int32, _ code: Int = 0, _ text: String = "", at stage: Transfer.Stage,
        body: Bool = false,
        reused: Bool = false, addressRefused: Bool = false, _ word: String, strikes: Bool = false, full: Bool = false,
        repeatedHandshake: Bool = false
    ) {
        let reply = Reply(code: code, text: text)
        let isAnswered = stage == .dot && code != 354 && code != 0
        self.name = name
        transfer = Transfer(
            curlCode: CurlCode(rawValue: curl), replyCode: code, replyText: text, enhancedStatus: reply.enhancedStatus,
            stage: stage, dotReply: isAnswered ? reply : nil, allBytesHandedOver: body, bytesSent: body ? 100 : 0,
            connectionReused: reused, addressRefused: addressRefused)
        self.word = word
        self.strikes = strikes
        self.isMailboxFull = full
        self.repeatedHandshake = repeatedHandshake
    }
}

@Suite struct `The meaning of a transfer` {
    static let rows: [Row] = [
        Row("accepted", 0, 250, "2.0.0 Ok: queued as X", at: .dot, body: true, "accepted"),
        Row("dot answered 251", 8, 251, "will forward", at: .dot, body: true, "accepted"),
        Row("dot answered 252", 8, 252, "maybe", at: .dot, body: true, "accepted"),
        Row("acknowledged before the end", 0, 250, "Ok", at: .dot, "unknown"),

        Row("no such host", 6, at: .connect, "transient", strikes: true),
        Row("connection refused", 7, at: .connect, "transient", strikes: true),
        Row("address not allowed", 7, at: .connect, addressRefused: true, "gateway"),
        Row("connect time-out", 28, at: .connect, "transient", strikes: true),
        Row("greeting time-out", 28, at: .greeting, "transient", strikes: true),
        Row("greeting drop", 56, at: .greeting, "transient", strikes: true),
        Row("greeting 421", 8, 421, "busy", at: .greeting, "transient", strikes: true),
        Row("greeting 451", 8, 451, "later", at: .greeting, "transient", strikes: true),
        Row("greeting 550", 8, 550, "go away", at: .greeting, "transient", strikes: true),
        Row("greeting 554", 8, 554, "your address is blocked", at: .greeting, "transient", strikes: true),

        Row("EHLO refused", 9, 502, "no", at: .hello, "gateway"),
        Row("EHLO refused for now", 9, 451, "no", at: .hello, "transient", strikes: true),
        Row("STARTTLS missing", 64, 250, "hi", at: .tls, "gateway"),
        Row("STARTTLS refused", 64, 454, "not now", at: .tls, "gateway"),
        Row("certificate refused", 60, 220, "go", at: .hello, "gateway"),
        Row("handshake failed once", 35, at: .hello, "transient", strikes: true),
        Row("handshake failed again", 35, at: .hello, "gateway", repeatedHandshake: true),
        Row("reply injected after STARTTLS", 8, 220, "go", at: .hello, "gateway"),
        Row("no list of certificates", 77, at: .hello, "gateway"),

        Row("login 535", 67, 535, "5.7.8 wrong", at: .login, "gateway"),
        Row("login 534", 67, 534, "5.7.9 weak", at: .login, "gateway"),
        Row("login 550", 67, 550, "no", at: .login, "gateway"),
        Row("login 421", 67, 421, "busy", at: .login, "throttled", strikes: true),
        Row("login 451", 67, 451, "later", at: .login, "throttled", strikes: true),
        Row("login 454", 67, 454, "4.7.0 later", at: .login, "throttled", strikes: true),
        Row("login not offered", 55, 530, "5.7.0 log in", at: .login, "gateway"),

        Row("MAIL 421", 55, 421, "busy", at: .sender, "throttled", strikes: true),
        Row("MAIL 451", 55, 451, "later", at: .sender, "transient"),
        Row("MAIL 454 of SES", 55, 454, "Throttling failure: rate exceeded", at: .sender, "throttled"),
        Row("RCPT 450 greylisted", 55, 450, "4.7.1 Greylisted, try again in 5 minutes", at: .recipient, "transient"),
        Row("RCPT 450", 55, 450, "4.2.0 busy", at: .recipient, "transient"),
        Row("RCPT 451 4.7.x", 55, 451, "4.7.500 slow down", at: .recipient, "throttled"),
        Row("RCPT 452 too many", 55, 452, "4.5.3 too many recipients", at: .recipient, "throttled"),
        Row("RCPT 452 no space", 55, 452, "4.3.1 insufficient storage", at: .recipient, "transient"),
        Row("DATA 451", 55, 451, "4.3.0 later", at: .data, "transient"),

        Row("RCPT 550 5.1.1", 55, 550, "5.1.1 no such user", at: .recipient, "recipient"),
        Row("RCPT 550 5.1.2", 55, 550, "5.1.2 no such domain", at: .recipient, "recipient"),
        Row("RCPT 501 5.1.3", 55, 501, "5.1.3 syntax", at: .recipient, "recipient"),
        Row("RCPT 551 5.1.6", 55, 551, "5.1.6 moved", at: .recipient, "recipient"),
        Row("RCPT 550 5.1.10", 55, 550, "5.1.10 null MX", at: .recipient, "recipient"),
        Row("RCPT 550 5.2.1", 55, 550, "5.2.1 disabled", at: .recipient, "recipient"),
        Row("RCPT 553 plain", 55, 553, "mailbox name not allowed", at: .recipient, "recipient"),
        Row("RCPT 550 plain", 55, 550, "no such user here", at: .recipient, "recipient"),
        Row("RCPT 550 plain, policy", 55, 550, "relay denied", at: .recipient, "sender"),
        Row("RCPT 554 plain", 55, 554, "refused", at: .recipient, "sender"),

        Row("RCPT 552 5.2.2", 55, 552, "5.2.2 full", at: .recipient, "transient", full: true),
        Row("RCPT 452 4.2.2", 55, 452, "4.2.2 over quota", at: .recipient, "transient", full: true),
        Row("RCPT 552 plain", 55, 552, "exceeded storage", at: .recipient, "transient", full: true),
        Row("RCPT 452 plain", 55, 452, "mailbox full", at: .recipient, "transient", full: true),
        Row("dot 552 5.2.2", 8, 552, "5.2.2 full", at: .dot, body: true, "transient", full: true),
        Row("RCPT 550 5.2.2", 55, 550, "5.2.2 full", at: .recipient, "transient", full: true),

        Row("MAIL 550 5.1.7", 55, 550, "5.1.7 bad sender", at: .sender, "sender"),
        Row("MAIL 553 5.1.8", 55, 553, "5.1.8 bad sender domain", at: .sender, "sender"),
        Row("RCPT 550 5.7.1", 55, 550, "5.7.1 not authorized", at: .recipient, "sender"),
        Row("dot 550 5.7.26", 8, 550, "5.7.26 unauthenticated", at: .dot, body: true, "sender"),
        Row("dot 550 5.7.515", 8, 550, "5.7.515 level of authentication", at: .dot, body: true, "sender"),
        Row("RCPT 554 5.7.1", 55, 554, "5.7.1 relay access denied", at: .recipient, "sender"),

        Row("MAIL 552 too big", 55, 552, "5.3.4 too big", at: .sender, "content"),
        Row("MAIL 552 plain", 55, 552, "message size exceeds the limit", at: .sender, "content"),
        Row("dot 552 5.3.4", 8, 552, "5.3.4 too big", at: .dot, body: true, "content"),
        Row("dot 552 plain, size", 8, 552, "message too large", at: .dot, body: true, "content"),
        Row("dot 554 5.6.0", 8, 554, "5.6.0 bad content", at: .dot, body: true, "content"),
        Row("dot 554 plain", 8, 554, "rejected", at: .dot, body: true, "content"),

        Row("MAIL 501", 55, 501, "syntax", at: .sender, "sender"),
        Row("MAIL 553", 55, 553, "syntax", at: .sender, "sender"),
        Row("MAIL 500", 55, 500, "what?", at: .sender, "gateway"),
        Row("MAIL 503", 55, 503, "5.5.1 bad sequence", at: .sender, "gateway"),

        Row("drop after MAIL", 56, 250, "Ok", at: .sender, "transient"),
        Row("drop after RCPT", 56, 250, "Ok", at: .recipient, "transient"),
        Row("drop after DATA", 56, 250, "Ok", at: .data, "transient"),
        Row("time-out before 354", 28, 250, "Ok", at: .recipient, "transient", strikes: true),
        Row("time-out after login", 28, 235, "in", at: .sender, "transient", strikes: true),
        Row("drop while sending the body", 55, 354, "go on", at: .body, "transient"),
        Row("drop with all bytes in the kernel", 56, 354, "go on", at: .dot, body: true, "unknown"),
        Row("drop after the dot", 56, 354, "go on", at: .dot, body: true, "unknown"),
        Row("half a reply to the dot", 56, 0, at: .dot, body: true, "unknown"),
        Row("time-out after the dot", 28, 354, "go on", at: .dot, body: true, "unknown"),
        Row("abort after the dot", 42, 354, "go on", at: .dot, body: true, "unknown"),
        Row("send error with all bytes gone", 55, 354, "go on", at: .dot, body: true, "unknown"),
        Row("abort before the body", 42, 250, "Ok", at: .data, "stopped"),
        Row("dot answered with a question", 8, 354, "go on", at: .dot, body: true, "unknown"),
        Row("dot 421", 8, 421, "closing", at: .dot, body: true, "throttled", strikes: true),
        Row("dot 451", 8, 451, "4.3.0 later", at: .dot, body: true, "transient"),
        Row("dot 550 5.1.1", 8, 550, "5.1.1 unknown", at: .dot, body: true, "recipient"),
        Row("idle 421 twice", 55, 421, "idle", at: .sender, reused: true, "throttled", strikes: true),

        Row("permanent code, temporary status", 55, 550, "4.2.1 later", at: .recipient, "transient"),
        Row("temporary code, permanent status", 55, 450, "5.1.1 odd", at: .recipient, "transient"),
        Row("daily quota", 55, 550, "5.4.5 Daily sending quota exceeded", at: .recipient, "throttled"),
        Row("no such protocol", 1, at: .connect, "gateway"),
        Row("out of memory", 27, at: .connect, "transient"),
        Row("a code of tomorrow", 999, at: .connect, "gateway"),
    ]

    @Test(arguments: rows) func `every row of the table holds`(row: Row) {
        let outcome = classify(row.transfer, handshakeFailedBefore: row.repeatedHandshake)
        #expect(outcome.word == row.word)
        #expect((outcome.refusal?.strikesGateway ?? false) == row.strikes)
        #expect((outcome.refusal?.isMailboxFull ?? false) == row.isMailboxFull)
    }

    /// The one rule no row may bend: what may have arrived is never called refused without an answer to the dot.
    @Test(arguments: Int32(0)...100) func `handed over and unanswered is unknown, whatever libcurl says`(curl: Int32) {
        for code in [0, 250, 354, 421, 550] {
            let transfer = Transfer(
                curlCode: CurlCode(rawValue: curl), replyCode: code, stage: .dot, allBytesHandedOver: true,
                bytesSent: 100)
            #expect(classify(transfer).word == "unknown")
        }
    }

    @Test func `a dead connection is retried once on a fresh one, and nothing else is`() {
        let retried = Self.rows.filter { deservesFreshConnection($0.transfer) }.map(\.name)
        #expect(retried == ["drop after MAIL", "drop after RCPT", "drop after DATA", "idle 421 twice"])
        let dead = Transfer(curlCode: .receiveError, stage: .sender, connectionReused: true)
        #expect(deservesFreshConnection(dead))
        let begun = Transfer(curlCode: .sendError, replyCode: 354, stage: .body, bytesSent: 1, connectionReused: true)
        #expect(!deservesFreshConnection(begun))
    }

    @Test(
        arguments: [
            ("try again in 5 minutes", 300), ("retry in 30 seconds", 30), ("wait 2 hours please", 7_200),
            ("Greylisted for 300s", 300), ("come back in 99 hours", 86_400), ("in 0 seconds", nil), ("later", nil),
            ("error 451 mailbox", nil), ("4.7.1 try in 10 min", 600),
        ] as [(String, Int?)])
    func `a wait is read from the text`(text: String, seconds: Int?) {
        #expect(ServerWords.retryAfter(in: text) == seconds)
    }

    @Test func `a refusal shows no address and at most 512 bytes`() {
        let text = "5.1.1 <bob@example.com>: no\u{7} such user; see \(String(repeating: "ü", count: 400))"
        let shown = ServerWords.redacted(text)
        #expect(shown.hasPrefix("5.1.1 <[address]>: no  such user; see ü"))
        #expect(shown.utf8.count <= 512)
        #expect(shown.last == "ü")
        let transfer = Transfer(
            curlCode: .receiveError, replyCode: 354, replyText: "for bob@example.com", stage: .dot,
            allBytesHandedOver: true, bytesSent: 7)
        guard case .unknown(let evidence) = classify(transfer) else { return #expect(Bool(false)) }
        #expect(evidence == "curl 56 at dot, last reply 354, 7 bytes handed over: for [address]")
    }
}
