import Dunning
import Foundation
import Testing

@Suite struct `An e-mail address` {
    @Test(arguments: [
        ("anna@example.com", "anna@example.com"), ("Anna.Smith+Bills@Example.COM", "Anna.Smith+Bills@example.com"),
        ("o'brien_x-1!#$%&*/=?^`{|}~@a-b.co", "o'brien_x-1!#$%&*/=?^`{|}~@a-b.co"),
        ("kasse@bücher.example", "kasse@xn--bcher-kva.example"),
        ("kasse@BÜCHER.example", "kasse@xn--bcher-kva.example"),
        ("kasse@bu\u{308}cher.example", "kasse@xn--bcher-kva.example"), ("a@münchen.de", "a@xn--mnchen-3ya.de"),
        ("a@straße.de", "a@xn--strae-oqa.de"), ("a@例え。テスト", "a@xn--r8jz45g.xn--zckzah"),
        ("a@пример.испытание", "a@xn--e1afmkfd.xn--80akhbyknj4f"), ("a@ｅｘａｍｐｌｅ．com", "a@example.com"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"), ("a@1and1.com", "a@1and1.com"),
    ])
    func `keeps its local part and encodes its domain`(source: String, expected: String) throws {
        #expect(try EmailAddress(source).text == expected)
    }

    @Test(arguments: [
        ("", EmailAddressError.empty), ("anna", .notOneAt), ("a@b@c.de", .notOneAt), ("@example.com", .localPart),
        ("a@", .domain), ("a@localhost", .domain), ("a@example..com", .domain), ("a@.example.com", .domain),
        ("a@example.com.", .domain), ("a@-x.com", .domain), ("a@x-.com", .domain), ("a@ab--cd.com", .domain),
        ("a@[127.0.0.1]", .domain), ("a@127.0.0.1", .domain), ("a@exa_mple.com", .domain), ("a@exa mple.com", .domain),
        ("a@example.com ", .domain), (" a@example.com", .localPart), ("a b@example.com", .localPart),
        ("<a@example.com>", .localPart), ("a@example.com>", .domain), ("Anna <a@example.com>", .localPart),
        ("a,b@example.com", .localPart), ("a;b@example.com", .localPart), ("a:b@example.com", .localPart),
        ("\"a b\"@example.com", .localPart), ("a\\b@example.com", .localPart), ("a(c)@example.com", .localPart),
        (".a@example.com", .localPart), ("a.@example.com", .localPart), ("a..b@example.com", .localPart),
        ("a\r\nRCPT TO:<c@ex.test>@example.com", .notOneAt), ("b@ex.test>\r\nRSET\r\nRCPT TO:<c@ex.test", .notOneAt),
        ("b@ex.test\r\n", .domain), ("b@ex.test\nBcc: x", .domain), ("b\r\n@ex.test", .localPart),
        ("b@ex.test\0", .domain),
        ("b\u{7F}@ex.test", .localPart), ("jörg@example.com", .unsupported), ("a@exa\u{200B}mple.com", .domain),
        ("a@💸.example", .domain), ("a@\u{301}x.example", .domain), ("a@b\u{FF20}c.example", .domain),
        ("a\u{301}@example.com", .unsupported), ("a@\u{301}example.com", .domain), ("a@ab--ü.example", .domain),
    ])
    func `is refused with the reason`(source: String, reason: EmailAddressError) {
        #expect(throws: reason) { try EmailAddress(source) }
    }

    @Test func `has limits of length`() throws {
        let label = String(repeating: "d", count: 62)
        #expect(throws: EmailAddressError.tooLong) {
            try EmailAddress(String(repeating: "x", count: 65) + "@example.com")
        }
        #expect(try EmailAddress(String(repeating: "x", count: 64) + "@example.com").local.count == 64)
        #expect(throws: EmailAddressError.domain) {
            try EmailAddress("a@" + String(repeating: "d", count: 64) + ".com")
        }
        #expect(throws: EmailAddressError.domain) {
            try EmailAddress("a@" + String(repeating: "ü", count: 63) + ".com")
        }
        let domain = "\(label).\(label).\(label).com"
        #expect(
            try EmailAddress(String(repeating: "x", count: 254 - domain.count - 1) + "@" + domain).text.count == 254)
        #expect(throws: EmailAddressError.tooLong) {
            try EmailAddress(String(repeating: "x", count: 254 - domain.count) + "@" + domain)
        }
        #expect(throws: EmailAddressError.tooLong) {
            try EmailAddress("a@" + String(repeating: "d.", count: 100_000) + "com")
        }
    }

    @Test func `never holds a byte that could leave its command, whatever it was made from`() throws {
        var generator = SplitMix(announcing: "address fuzz")
        let pieces = [
            "a", "B", "9", ".", "@", "-", "+", " ", "\r\n", "<", ">", "\"", "ü", "\u{301}", "。", "\0", "xn--", "com",
            ",",
        ]
        let safe = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+-/=?^_`{|}~@".utf8)
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...9, using: &generator)
            let source = (0..<count).map { _ in pieces.randomElement(using: &generator)! }.joined()
            guard case .success(let address) = Result(catching: { try EmailAddress(source) }) else { continue }
            #expect(address.text.utf8.allSatisfy(safe.contains), "\(source)")
            #expect(address.text.utf8.count { $0 == UInt8(ascii: "@") } == 1)
            #expect(try EmailAddress(address.text) == address)
        }
    }

    @Test func `has one key for all its spellings`() throws {
        let key = AddressKey(try EmailAddress("anna+bills@xn--bcher-kva.example"))
        #expect(key.text == "anna+bills@xn--bcher-kva.example")
        #expect(try AddressKey(trimming: "  Anna+Bills@Bücher.Example\r\n") == key)
        #expect(try AddressKey(trimming: "anna@bücher.example") != key)
        #expect(throws: EmailAddressError.empty) { try AddressKey(trimming: " \t ") }
        #expect(throws: EmailAddressError.localPart) { try AddressKey(trimming: "a b@example.com") }
    }

    @Test func `is a string in JSON`() throws {
        let address = try EmailAddress("anna@example.com")
        let json = try JSONEncoder().encode(address)
        #expect(String(decoding: json, as: UTF8.self) == "\"anna@example.com\"")
        #expect(try JSONDecoder().decode(EmailAddress.self, from: json) == address)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(EmailAddress.self, from: Data("\"anna\"".utf8)) }
    }
}
