import Foundation
import Testing

@testable import recoup_sandbox

@Suite struct `Decoding mails` {
    @Test(arguments: [
        ("plain", "plain"), ("=?UTF-8?B?UmVjaG51bmcgTnIuIDQyIMO8YmVyZsOkbGxpZw==?=", "Rechnung Nr. 42 überfällig"),
        ("=?utf-8?q?caf=C3=A9_=3D_5?=", "café = 5"), ("=?iso-8859-1?Q?M=FCller?=", "Müller"),
        ("=?windows-1252?Q?5_=80?=", "5 €"),
        ("=?UTF-8?B?YQ==?= =?UTF-8?B?Yg==?=", "ab"), ("=?UTF-8?B?YQ==?=\t =?UTF-8?Q?b?= c", "ab c"),
        ("a =?UTF-8?Q?b?= c", "a b c"),
        ("=?UTF-8?X?YQ==?=", "=?UTF-8?X?YQ==?="), ("=?UTF-8?Q?open", "=?UTF-8?Q?open"), ("=?", "=?"),
        ("=?a?q?b?=?c?=", "b?c?="),
        ("=?utf-8*de?Q?=C3=BC?=", "ü"),
    ])
    func `encoded words are decoded and the rest is left`(text: String, decoded: String) {
        #expect(EncodedWord.decode(text) == decoded)
    }

    @Test(arguments: [
        ("caf=C3=A9 =3D 5 =E2=82=AC", "café = 5 €"), ("trailing space=20\r\ntab=09", "trailing space \r\ntab\t"),
        ("soft=\r\nbreak", "softbreak"),
        ("soft= \nbreak", "softbreak"), ("blank \r\nend", "blank\r\nend"), ("bro=ken =4", "bro=ken =4"),
        ("=c3=bc", "ü"), ("a\r\n", "a\r\n"), ("", ""),
    ])
    func `quoted-printable is decoded, forgiving mistakes`(text: String, decoded: String) {
        let bytes = TransferEncoding.decode(Array(text.utf8)[...], label: " Quoted-Printable ")
        #expect(String(decoding: bytes, as: UTF8.self) == decoded)
    }

    @Test(arguments: [("aGVsbG8=", "hello"), ("aGVs\r\nbG8", "hello"), ("aGVsbG8", "hello"), ("", "")])
    func `base64 is decoded with or without padding and line ends`(text: String, decoded: String) {
        #expect(String(decoding: TransferEncoding.base64(text.utf8), as: UTF8.self) == decoded)
    }

    private static let nested = """
        From: "Halden, Supply" <billing@halden.example>\r
        Subject: =?UTF-8?B?w7xiZXI=?=\r
         folded\r
        content-type: multipart/mixed; boundary="out er"\r
        \r
        preamble\r
        --out er\r
        Content-Type: multipart/alternative; boundary=inner\r
        \r
        --inner\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Transfer-Encoding: quoted-printable\r
        \r
        5 =E2=82=AC\r
        --inner\r
        Content-Type: text/html; charset=iso-8859-1\r
        Content-Transfer-Encoding: base64\r
        \r
        PGI+/DwvYj4=\r
        --inner--\r
        --out er\r
        Content-Type: application/pdf; name=plain.pdf\r
        Content-Disposition: attachment; filename="x.pdf"; filename*=UTF-8''%C3%BCber%20uns.pdf\r
        Content-Transfer-Encoding: base64\r
        \r
        JVBERg==\r
        --out er--\r
        epilogue\r

        """

    @Test func `a nested mail falls into text, HTML and attachments`() throws {
        let view = MailView(Array(Self.nested.utf8))
        #expect(view.headers.decoded("subject") == "über folded")
        #expect(view.text == "5 €")
        #expect(view.html == "<b>ü</b>")
        let attachment = try #require(view.attachments.first)
        #expect(view.attachments.count == 1)
        #expect(attachment.fileName == "über uns.pdf")
        #expect(attachment.bytes == Array("%PDF".utf8))
    }

    @Test func `a mail without any MIME is text`() {
        let view = MailView(Array("Subject: a\n\nhello".utf8))
        #expect(view.text == "hello" && view.html == nil && view.attachments.isEmpty)
    }

    @Test(arguments: [0, 40, 200, 330, 420, 520, 700]) func `a mail cut anywhere is shown as far as it goes`(
        length: Int
    ) {
        let view = MailView(Array(Self.nested.utf8.prefix(length)))
        #expect(view.attachments.count <= 1)
    }

    @Test func `a boundary that starts like another is kept apart`() {
        let mail =
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n--b1\r\n--bb\r\n--b \t\r\n"
            + "Content-Type: text/html\r\n\r\nx\r\n--b--\r\n"
        let view = MailView(Array(mail.utf8))
        #expect(view.text == "--b1\r\n--bb" && view.html == "x")
    }

    @Test func `nesting without end stops`() {
        let mail =
            (1...500).map { "Content-Type: multipart/mixed; boundary=b\($0)\r\n\r\n--b\($0)\r\n" }.joined() + "\r\nx"
        #expect(MailView(Array(mail.utf8)).attachments.count <= 1)
    }

    @Test func `any bytes at all can be looked at`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Seeded(seed)
        let words = [
            "Content-Type: multipart/mixed; boundary=b\r\n", "\r\n", "--b", "--b--", "=?utf-8?q?", "?=", "\"", ";", "=",
            ":", "a", "\n", "\u{0}",
        ]
        for _ in 0..<300 {
            var bytes = (0..<Int.random(in: 0...60, using: &random)).flatMap { _ in
                Array((words.randomElement(using: &random) ?? "").utf8)
            }
            bytes.append(UInt8.random(in: 0...255, using: &random))
            let view = MailView(bytes)
            #expect(view.headers.bodyStart <= bytes.count, "seed \(seed)")
        }
    }

    @Test(
        arguments: [
            ("anna@x.example", nil, "anna@x.example", "A"),
            ("Anna B. Smith <anna@x.example>", "Anna B. Smith", "anna@x.example", "AB"),
            ("\"<b> & \\\"co\\\"\" <c@x.example>", "<b> & \"co\"", "c@x.example", "BC"),
            ("=?utf-8?q?M=C3=BCller?= <m@x.example>", "Müller", "m@x.example", "M"),
            ("a@x.example, b@x.example", nil, "a@x.example", "A"), ("", nil, "", "?"),
        ] as [(String, String?, String, String)])
    func `the first person of an address field is found`(
        field: String, name: String?, address: String, initials: String
    ) {
        let person = Person(parsing: field)
        #expect(person.name == name && person.address == address && person.initials == initials)
    }

    @Test(arguments: [
        ("Tue, 24 Nov 2026 14:00:00 +0000", "Tue 24 Nov 2026, 14:00"),
        ("24 Nov 2026 23:30 -0130", "Wed 25 Nov 2026, 01:00"),
        ("Thu, 1 jan 1970 00:00:00 GMT", "Thu 1 Jan 1970, 00:00"),
    ])
    func `dates are read and shown in UTC`(text: String, shown: String) throws {
        #expect(MailDate.display(try #require(MailDate.parse(text))) == shown)
    }

    @Test(arguments: ["", "yesterday", "24 Foo 2026 10:00", "24 Nov 2026"]) func `no date is made up`(text: String) {
        #expect(MailDate.parse(text) == nil)
    }
}
