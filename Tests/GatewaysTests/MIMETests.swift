import Testing

@testable import Gateways

@Suite struct `A message` {
    static let date: Int64 = 1_795_528_800_000_000

    private func message(
        fromName: String? = "Acme", subject: String = "Reminder", replyTo: Mailbox? = nil,
        language: String = "en-IN", messageID: String = "0190.3@acme.test",
        references: [String] = ["<inv-1@acme.test>"], attempt: String = "att_1",
        text: String = "Hello", html: String = "<p>Hello</p>", seed: [UInt8] = Array(1...16), date: Int64 = date
    ) throws -> MIMEMessage {
        try MIMEMessage(
            date: date, from: Mailbox(name: fromName, address: try MailAddress("billing@acme.test")),
            to: Mailbox(name: "Bob", address: try MailAddress("bob@ex.test")), replyTo: replyTo, subject: subject,
            language: language, messageID: messageID, references: references, attempt: attempt, text: text, html: html,
            boundarySeed: seed)
    }

    @Test func `is written the same to the byte`() throws {
        let bytes = try message(replyTo: Mailbox(name: nil, address: try MailAddress("help@acme.test"))).bytes
        let expected = """
            Date: Tue, 24 Nov 2026 14:00:00 +0000
            From: Acme <billing@acme.test>
            To: Bob <bob@ex.test>
            Reply-To: help@acme.test
            Subject: Reminder
            Message-ID: <0190.3@acme.test>
            In-Reply-To: <inv-1@acme.test>
            References: <inv-1@acme.test>
            Content-Language: en-IN
            MIME-Version: 1.0
            Auto-Submitted: auto-generated
            X-Recoup-Attempt: att_1
            Content-Type: multipart/alternative; boundary="=_aebagbafaydqqcikbmga2dqpca"

            --=_aebagbafaydqqcikbmga2dqpca
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Hello
            --=_aebagbafaydqqcikbmga2dqpca
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <p>Hello</p>
            --=_aebagbafaydqqcikbmga2dqpca--

            """
        #expect(String(decoding: bytes, as: UTF8.self) == expected.replacing("\n", with: "\r\n"))
    }

    @Test(arguments: [
        "Paiement en retard\u{A0}: merci de régulariser 1\u{202F}235\u{202F}547,89\u{A0}$US + 1\u{202F}234\u{202F}567\u{A0}JPY",
        "お支払期限経過のお知らせ（$1,235,547.89 + ₹1,234,567.00 + ¥1,234,567）ほか、ご確認のお願いにつきまして",
        "CHF\u{A0}5",
    ])
    func `keeps the blanks and letters of any language in its subject`(subject: String) throws {
        let read = try PythonMail(parsing: try message(subject: subject, text: subject, html: subject).bytes)
        #expect(read.defects == [])
        #expect(read["Subject"] == subject)
        #expect(read.parts.allSatisfy { $0.text.contains(subject) })
    }

    @Test(arguments: ["", "d", "de AT", "de\r\nBcc: x", "de_AT", String(repeating: "a", count: 36)])
    func `names no language that is none`(language: String) {
        #expect(throws: MIMEError.language) { try message(language: language) }
    }

    @Test func `says the same to another parser`() throws {
        let subject = "Zahlungserinnerung für Rechnung 2026-000123 – fällig seit 14 Tagen (Müller & Söhne GmbH)"
        let text =
            "Grüße,\n\n.Punkt am Anfang\r\nein = Zeichen \t\nEnde ohne Leerzeichen \n"
            + String(repeating: "wörter ", count: 60)
        let html = "<p>" + String(repeating: "é😀", count: 100) + "</p>"
        let references = (0...14).map { "<m\($0)@acme.test>" }
        let built = try message(
            fromName: "Müller, \"Söhne\" & Töchter GmbH und noch viele weitere Gesellschafter", subject: subject,
            references: references, text: text, html: html)
        let read = try PythonMail(parsing: built.bytes)
        #expect(read.defects == [])
        #expect(read["Subject"] == subject)
        #expect(read.fromName == "Müller, \"Söhne\" & Töchter GmbH und noch viele weitere Gesellschafter")
        #expect(read.toAddress == "bob@ex.test")
        #expect(read.parts.map(\.type) == ["text/plain", "text/html"])
        #expect(read.parts[0].text.replacing("\r\n", with: "\n") == text.replacing("\r\n", with: "\n"))
        #expect(read.parts[1].text.replacing("\r\n", with: "\n") == html)
        #expect(read["In-Reply-To"] == "<m0@acme.test>")
        #expect(read["References"]?.split(separator: " ").map(String.init) == [references[0]] + references.suffix(10))
        #expect(
            read.headers.map { $0[0] } == [
                "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Content-Language",
                "MIME-Version", "Auto-Submitted", "X-Recoup-Attempt", "Content-Type",
            ])
        #expect(read["Content-Language"] == "en-IN")
        let lines = try plainLines(built.bytes)
        #expect(lines.allSatisfy { $0.count <= 78 }, "\(lines.filter { $0.count > 78 })")
    }

    /// Splits at CRLF, after making sure that nothing but seven-bit lines is there.
    private func plainLines(_ bytes: [UInt8]) throws -> [String] {
        #expect(bytes.allSatisfy { $0 < 0x7F && ($0 >= 0x20 || $0 == 0x0D || $0 == 0x0A) })
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { !$0.utf8.contains(0x0D) && !$0.utf8.contains(0x0A) })
        #expect(OutgoingMail(envelopeFrom: "", recipient: "b@ex.test", bytes: bytes).fault == nil)
        return lines.map(String.init)
    }

    @Test(arguments: [
        "\r\nBcc: x@y", "a\nb", "a\rb", "nul\0", "bell\u{7}", "tab\t", "line\u{2028}", "par\u{2029}", "\u{85}",
    ])
    func `a line break in a header value is refused, wherever it comes from`(poison: String) throws {
        #expect(throws: MIMEError.control("Subject")) { try message(subject: "Rechnung" + poison) }
        #expect(throws: MIMEError.control("From")) { try message(fromName: "Acme" + poison) }
        let reply = Mailbox(name: "Help" + poison, address: try MailAddress("help@acme.test"))
        #expect(throws: MIMEError.control("Reply-To")) { try message(replyTo: reply) }
        #expect(throws: MIMEError.messageID("Message-ID")) { try message(messageID: "a\(poison)@acme.test") }
        #expect(throws: MIMEError.messageID("References")) { try message(references: ["a\(poison)@acme.test"]) }
        #expect(throws: MIMEError.attempt) { try message(attempt: "att" + poison) }
    }

    @Test func `what cannot be written is a typed error`() throws {
        #expect(throws: MIMEError.boundarySeed) { try message(seed: Array(1...15)) }
        #expect(throws: MIMEError.date) { try message(date: .max) }
        #expect(throws: MIMEError.date) { try message(date: .min) }
        #expect(throws: MIMEError.tooLong("Subject")) { try message(subject: String(repeating: "x", count: 2_001)) }
        #expect(throws: MIMEError.tooLong("From")) { try message(fromName: String(repeating: "x", count: 257)) }
        for identifier in ["", "no-at", "a@", "@b", "a@b@c", "a b@c", "a..b@c", "<a@b"] {
            #expect(throws: MIMEError.messageID("Message-ID"), "\(identifier)") { try message(messageID: identifier) }
        }
    }

    @Test(
        arguments: [
            (Int64(0), "Thu, 01 Jan 1970 00:00:00 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
            (951_782_400_000_000, "Tue, 29 Feb 2000 00:00:00 +0000"),
            (1_709_251_199_999_999, "Thu, 29 Feb 2024 23:59:59 +0000"),
            (4_107_542_400_000_000, "Mon, 01 Mar 2100 00:00:00 +0000"),
            (-62_135_596_800_000_000, "Mon, 01 Jan 0001 00:00:00 +0000"),
            (253_402_300_799_000_000, "Fri, 31 Dec 9999 23:59:59 +0000"),
        ] as [(Int64, String)])
    func `its date is in UTC`(instant: Int64, text: String) throws {
        #expect(try MailDate.text(instant) == text)
    }

    @Test func `without a thread it answers nothing`() throws {
        let text = String(decoding: try message(references: []).bytes, as: UTF8.self)
        #expect(!text.contains("References") && !text.contains("In-Reply-To"))
    }

    @Test func `a dot on a line of its own is one message, and the next line no command`() async throws {
        let built = try message(text: "a\n.\nMAIL FROM:<evil@x>")
        let relay = try FakeRelay()
        let mail = OutgoingMail(envelopeFrom: "a@acme.test", recipient: "bob@ex.test", bytes: built.bytes)
        #expect(await relay.sessions().send(mail, through: relay.gateway()).word == "accepted")
        let wire = try #require(try relay.journal.first { $0.event == "mail" }?.body)
        #expect(String(decoding: wire, as: UTF8.self).contains("\r\na\r\n..\r\nMAIL FROM:<evil@x>\r\n"))
        #expect(try relay.count("mail") == 1)
        #expect(try relay.commands.count { $0.hasPrefix("MAIL") } == 1)
    }
}
