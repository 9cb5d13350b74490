import Dunning
import Gateways
import Operations
import Store
import Support
import Testing

/// What a message said is read back from its bytes.
@Suite(.database) struct WireBodiesTests {
    private static func text(using generator: inout SeededGenerator) -> String {
        let pieces = [
            "a", "word ", " ", "=", "=20", "=\n", ".", "\n", "\n\n", "\t", "--", "boundary=\"x\"", "é", "日本", "👩‍👧",
            "\u{2028}", String(repeating: "long", count: 30), "Content-Type: text/html", "<p class=\"a\">",
        ]
        let count = Int.random(in: 0..<30, using: &generator)
        return (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
    }

    private static func mail(_ subject: String, _ text: String, _ html: String) throws -> [UInt8] {
        let from = try MailAddress("billing@acme.example")
        return try MIMEMessage(
            date: 0, from: Mailbox(name: "Acme", address: from), to: Mailbox(name: "Ada", address: from), replyTo: nil,
            subject: subject, language: "en", messageID: "m@acme.example", references: ["r@acme.example"],
            attempt: "att_1", text: text, html: html, boundarySeed: Array("0123456789abcdef".utf8)
        ).bytes
    }

    @Test func `text and html come back as they were written`() throws {
        var generator = SeededGenerator()
        print("seed of the bodies: \(generator.seed)")
        for _ in 0..<1_000 {
            let (text, html) = (Self.text(using: &generator), Self.text(using: &generator))
            let bodies = WireBodies(try Self.mail("Reminder", text, html), by: .email)
            #expect(bodies.text == text)
            #expect(bodies.html == html)
        }
    }

    @Test func `a subject that looks like a boundary is none`() throws {
        let bodies = WireBodies(try Self.mail(#"Your boundary="=_x" is open"#, "words", "<p>words</p>"), by: .email)
        #expect(bodies.text == "words" && bodies.html == "<p>words</p>")
    }

    @Test func `a text message is its words, and what is no mail of ours is shown as it is`() {
        let words = WireBodies(Array("Acme: €100 is overdue=".utf8), by: .sms)
        #expect(words.text == "Acme: €100 is overdue=" && words.html.isEmpty)
        for other in ["", "no head", "Subject: a\r\n\r\nbody", "Content-Type: x; boundary=\"b\"\r\n\r\n--b\r\nno end"] {
            let shown = WireBodies(Array(other.utf8), by: .email)
            #expect(shown.text == other && shown.html.isEmpty)
        }
    }

    @Test func `a message that was sent is shown with what its mail says`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        _ = try await tenant.debtor("Blue & Bird")
        let armed = try #require(try await Courier(of: tenant).deliver().first)
        let detail = try #require(try await tenant.read { tx, _ in try tx.message(armed.message) })
        #expect(detail.text.contains("$100.00") && !detail.text.contains("<"))
        #expect(detail.html.contains("$100.00") && detail.html.contains("</html>"))
        #expect(try await tenant.value("select text_body from message where tenant_id = $t") == nil)
        // One of an earlier time keeps what was written beside its bytes.
        try await tenant.admin("update message set text_body = 'as it was', html_body = '<p>' where tenant_id = $t")
        let old = try #require(try await tenant.read { tx, _ in try tx.message(armed.message) })
        #expect(old.text == "as it was" && old.html == "<p>")
    }
}
