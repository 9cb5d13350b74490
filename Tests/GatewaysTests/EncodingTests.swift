import Testing

@testable import Gateways

@Suite struct `Text in seven bits` {
    @Test(arguments: [
        ("café = 5 €", "caf=C3=A9 =3D 5 =E2=82=AC"),
        ("trailing space ", "trailing space=20"),
        ("tab\t", "tab=09"),
        (String(repeating: "x", count: 80), String(repeating: "x", count: 75) + "=\r\nxxxxx"),
        (String(repeating: "x", count: 76), String(repeating: "x", count: 76)),
        (
            String(repeating: "=", count: 30),
            String(repeating: "=3D", count: 25) + "=\r\n" + String(repeating: "=3D", count: 5)
        ),
        (".leading dot", ".leading dot"),
        ("a \nb\t\r\nc \rd", "a=20\r\nb=09\r\nc=20\r\nd"),
        ("\n\n", "\r\n\r\n"),
        ("\n\r", "\r\n\r\n"),
        ("", ""),
        ("nul\0", "nul=00"),
    ])
    func `quoted-printable`(text: String, encoded: String) {
        #expect(String(decoding: QuotedPrintable.encode(text), as: UTF8.self) == encoded)
    }

    @Test(arguments: [
        ("Rechnung Nr. 42 überfällig", ["=?UTF-8?B?UmVjaG51bmcgTnIuIDQyIMO8YmVyZsOkbGxpZw==?="]),
        (
            "Zahlungserinnerung für Rechnung 2026-000123 – fällig seit 14 Tagen (Müller & Söhne GmbH)",
            [
                "=?UTF-8?B?WmFobHVuZ3NlcmlubmVydW5nIGbDvHIgUmVjaG51bmcgMjAyNi0wMDAxMjMg?=",
                "=?UTF-8?B?4oCTIGbDpGxsaWcgc2VpdCAxNCBUYWdlbiAoTcO8bGxlciAmIFPDtmhuZSBH?=",
                "=?UTF-8?B?bWJIKQ==?=",
            ]
        ),
        (
            String(repeating: "😀", count: 12),
            [
                "=?UTF-8?B?8J+YgPCfmIDwn5iA8J+YgPCfmIDwn5iA8J+YgPCfmIDwn5iA8J+YgPCfmIA=?=",
                "=?UTF-8?B?8J+YgA==?=",
            ]
        ),
    ])
    func `encoded words split between characters and fit in 75`(text: String, words: [String]) {
        #expect(EncodedWord.words(text) == words)
        #expect(words.allSatisfy { $0.utf8.count <= 75 })
    }

    @Test func `a long header folds between its words, never before the first`() {
        let text = String(repeating: "ü", count: 60)
        let rows = HeaderText.line("Subject", HeaderText.words(text, for: "Subject")).split(separator: "\r\n")
        #expect(rows.count == 3)
        #expect(rows[0].hasPrefix("Subject: =?UTF-8?B?"))
        #expect(rows.dropFirst().allSatisfy { $0.hasPrefix(" =?UTF-8?B?") })
        #expect(rows.allSatisfy { $0.utf8.count <= 76 })
        let plain = HeaderText.line(
            "Subject", HeaderText.words("some ordinary words " + text.replacing("ü", with: "u"), for: "Subject"))
        #expect(plain.split(separator: "\r\n").map(\.utf8.count) == [28, 61])
    }

    @Test(arguments: ["a  b", " a", "a ", "=?UTF-8?B?eA==?=", String(repeating: "x", count: 61), "x=?y"])
    func `ASCII that folding would change is encoded`(text: String) {
        #expect(HeaderText.words(text, for: "Subject").allSatisfy { $0.hasPrefix("=?UTF-8?B?") })
    }

    @Test(arguments: [
        ("Acme Billing", "Acme Billing"), ("Acme, Inc.", "\"Acme, Inc.\""),
        ("The \"Best\" \\ Co", "\"The \\\"Best\\\" \\\\ Co\""),
        ("a@b", "\"a@b\""), ("double  blank", "\"double  blank\""), ("Müller", "=?UTF-8?B?TcO8bGxlcg==?="),
    ])
    func `a display name is plain, quoted or encoded`(name: String, shown: String) throws {
        let mailbox = Mailbox(name: name, address: try MailAddress("a@acme.test"))
        #expect(try mailbox.words(for: "From") == [shown, "<a@acme.test>"])
    }

    @Test func `without a name there is only the address`() throws {
        for name in [nil, ""] {
            let mailbox = Mailbox(name: name, address: try MailAddress("a@acme.test"))
            #expect(try mailbox.words(for: "From") == ["a@acme.test"])
        }
    }

    /// Whatever is written can be read back by the few lines of a decoder of the test's own.
    @Test func `any text comes back from quoted-printable`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var dice = Dice(state: seed)
        let alphabet: [Character] = ["a", "=", " ", "\t", "\n", ".", "ü", "€", "😀", "\u{0}", "_", "?"]
        for _ in 1...500 {
            let text = String((0..<dice.roll(200)).map { _ in alphabet[dice.roll(alphabet.count)] })
            let encoded = QuotedPrintable.encode(text)
            let lines = String(decoding: encoded, as: UTF8.self).split(
                separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines.allSatisfy { $0.utf8.count <= 76 && $0.last != " " && $0.last != "\t" })
            #expect(!String(decoding: encoded, as: UTF8.self).contains("=_"), "a boundary cannot occur")
            #expect(decode(encoded) == text.replacing("\n", with: "\r\n"))
        }
    }

    private func decode(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = [], index = 0
        while index < bytes.count {
            if bytes[index] == 0x3D, bytes[index + 1] == 0x0D {
                index += 3
            } else if bytes[index] == 0x3D {
                output.append(UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16) ?? 0)
                index += 3
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}

@Suite struct `A mail address` {
    @Test(arguments: [
        ("bob@ex.test", "bob@ex.test"), ("Bob.O'Neil+tag@EX.Test", "Bob.O'Neil+tag@ex.test"),
        ("b@bücher.example", "b@xn--bcher-kva.example"), ("b@BÜCHER.example", "b@xn--bcher-kva.example"),
        ("b@xn--bcher-kva.example", "b@xn--bcher-kva.example"), ("b@例え.テスト", "b@xn--r8jz45g.xn--zckzah"),
        (String(repeating: "l", count: 64) + "@ex.test", String(repeating: "l", count: 64) + "@ex.test"),
    ])
    func `is taken apart and put together`(text: String, address: String) throws {
        #expect(try MailAddress(text).description == address)
    }

    @Test(
        arguments: [
            ("", .empty), ("bob", .notOneAt), ("@ex.test", .notOneAt), ("bob@", .notOneAt), ("a@b@c", .notOneAt),
            ("b b@ex.test", .forbiddenCharacter), ("<b@ex.test>", .forbiddenCharacter),
            ("b@ex.test,", .forbiddenCharacter),
            ("b@ex.test>\r\nRSET\r\nRCPT TO:<c@ex.test", .forbiddenCharacter), ("b@ex.test\n", .forbiddenCharacter),
            ("(c)b@ex.test", .forbiddenCharacter), ("b@[127.0.0.1]", .forbiddenCharacter),
            ("b\\@ex.test", .forbiddenCharacter),
            ("\"b\"@ex.test", .forbiddenCharacter), ("b;c@ex.test", .forbiddenCharacter),
            ("b:c@ex.test", .forbiddenCharacter),
            ("b\u{A0}c@ex.test", .forbiddenCharacter), ("b\u{2028}@ex.test", .forbiddenCharacter),
            ("jörg@ex.test", .unicodeLocalPart), (".b@ex.test", .misplacedDot), ("b.@ex.test", .misplacedDot),
            ("b..c@ex.test", .misplacedDot), ("b@ex..test", .domain), ("b@-ex.test", .domain), ("b@ex.test-", .domain),
            ("b@ex.test.", .domain), ("b@ex/test", .domain), ("b@ex%2Etest", .domain), ("b@ü%00.test", .domain),
            ("b@" + String(repeating: "x", count: 64) + ".test", .domain),
            (String(repeating: "l", count: 65) + "@ex.test", .tooLong),
            ("bob@" + String(repeating: "x.", count: 126) + "xx", .domain),
            (String(repeating: "l", count: 64) + "@" + String(repeating: "x.", count: 95) + "x", .tooLong),
            (String(repeating: "l", count: 600), .tooLong),
        ] as [(String, AddressError)])
    func `is refused with a reason`(text: String, reason: AddressError) {
        #expect(throws: reason) { try MailAddress(text) }
    }
}
