import Testing

@testable import Dunning

@Suite struct `Parts of a text message` {
    typealias Expected = (text: String, encoding: TextSegments.Encoding, parts: Int)

    static func a(_ count: Int) -> String { String(repeating: "a", count: count) }
    static func ya(_ count: Int) -> String { String(repeating: "я", count: count) }

    @Test(
        arguments: [
            (a(160), .gsm7, 1), (a(161), .gsm7, 2), (a(306), .gsm7, 2), (a(307), .gsm7, 3),
            (ya(70), .ucs2, 1), (ya(71), .ucs2, 2), (ya(134), .ucs2, 2), (ya(135), .ucs2, 3),
            ("€" + a(158), .gsm7, 1), ("€" + a(159), .gsm7, 2), (ya(66) + "😀" + ya(66), .ucs2, 3),
            (a(152) + "€" + a(152), .gsm7, 3), ("ç", .ucs2, 1), ("Ç", .gsm7, 1), ("it’s", .ucs2, 1),
            (a(159) + "`", .ucs2, 3), ("", .gsm7, 1), ("^{}\\[~]|€\u{0C}", .gsm7, 1),
        ] as [Expected])
    func `are counted as networks count them`(expected: Expected) {
        let parts = TextSegments(expected.text)
        #expect(parts.encoding == expected.encoding)
        #expect(parts.count == expected.parts)
    }

    @Test func `never split a character of two units`() {
        // 306 septets would fit into two parts, were the euro sign not across the border.
        #expect(TextSegments(Self.a(152) + "€" + Self.a(152)).units == 306)
        #expect(TextSegments(Self.a(151) + "€" + Self.a(153)).count == 2)
        #expect(TextSegments(Self.ya(66) + "😀" + Self.ya(66)).units == 134)
    }

    @Test func `agree with a count made part by part, whatever the text`() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix(seed: seed)
        let letters = Array("aZ0 €^{я😀ç\n".unicodeScalars)
        for _ in 0..<400 {
            var text = String.UnicodeScalarView()
            let kinds = Array(letters.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)))
            for _ in 0..<Int.random(in: 0...500, using: &random) { text.append(kinds.randomElement(using: &random)!) }
            let parts = TextSegments(String(text))
            let wide: (Unicode.Scalar) -> Int =
                parts.encoding == .gsm7 ? { "€^{".unicodeScalars.contains($0) ? 2 : 1 } : { $0.value > 0xFFFF ? 2 : 1 }
            var rest = text.map(wide)
            var count = 0
            if rest.reduce(0, +) <= (parts.encoding == .gsm7 ? 160 : 70) {
                count = 1
            } else {
                while !rest.isEmpty {
                    var room = parts.encoding == .gsm7 ? 153 : 67
                    while let first = rest.first, first <= room {
                        room -= first
                        rest.removeFirst()
                    }
                    count += 1
                }
            }
            #expect(parts.count == count, "seed \(seed)")
        }
    }
}

@Suite struct `Telephone numbers` {
    @Test(arguments: [
        ("+14155550100", "+14155550100"), (" +49 170 1234567", "+491701234567"),
        ("+44 (20) 7946-0958", "+442079460958"),
        ("+1.415.555.0100", "+14155550100"), ("+81 3/1234-5678 ", "+81312345678"),
    ])
    func `are read as people write them, and kept in one form`(source: String, text: String) throws {
        #expect(try PhoneNumber(source).text == text)
        #expect(AddressKey(try PhoneNumber(source)).text == text)
    }

    @Test(arguments: [
        ("", PhoneNumberError.empty), ("   ", .empty), ("0170 1234567", .notInternational),
        ("00491701234567", .notInternational), ("+0491701234567", .notInternational),
        ("+49 (0)170 1234567", .trunkPrefix),
        ("+49 ( 0 ) 170 1234567", .trunkPrefix), ("+49170x1234567", .character), ("+4917012345\r\nTo:", .character),
        ("+٤٩١٧٠١٢٣٤٥٦٧", .character), ("+491701", .length), ("+4917012345678901", .length), ("+1415555010", .length),
        ("+11155550100", .length), ("+1415++5550100", .character),
    ])
    func `that leave something to guess are refused`(source: String, error: PhoneNumberError) {
        #expect(throws: error) { try PhoneNumber(source) }
    }
}

@Suite struct `Answers to a text message` {
    @Test(arguments: [
        "STOP", " stop. ", "Stop!", "STOPALL", "stop all", "Opt-Out", "ARRÊT", "arret", "Stopp", "BAJA", "停止", "Ｓｔｏｐ",
    ])
    func `that say stop are understood`(text: String) {
        #expect(ReplyIntent(text) == .stop)
    }

    @Test(arguments: ["START", "unstop", "Start.", "再開", "Alta"])
    func `that say start are understood`(text: String) {
        #expect(ReplyIntent(text) == .start)
    }

    @Test(arguments: [
        "", "please stop calling me, I paid", "stop it on Monday", "yes", "I will start paying", "?", "👍",
    ])
    func `that say more are for a person`(text: String) {
        #expect(ReplyIntent(text) == .other)
    }
}
