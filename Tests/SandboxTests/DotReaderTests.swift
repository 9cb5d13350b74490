import Testing

@testable import recoup_sandbox

@Suite struct `Reading a mail up to its dot` {
    private func read(_ wire: String, limit: Int = 10_000, pieces: Int = .max) -> DotReader {
        var reader = DotReader(limit: limit)
        var rest = Array(wire.utf8)[...]
        while !rest.isEmpty, !reader.isFinished {
            let piece = rest.prefix(pieces)
            let used = reader.read(piece)
            rest = rest.dropFirst(used)
        }
        return reader
    }

    private static let vectors: [(wire: String, mail: String)] = [
        (".\r\n", ""),
        ("a\r\n.\r\n", "a\r\n"),
        ("..\r\n.\r\n", ".\r\n"),
        ("..leading\r\nmid.dle\r\n.\r\n", ".leading\r\nmid.dle\r\n"),
        (".single dots are taken off too\r\n.\r\n", "single dots are taken off too\r\n"),
        ("\r\n\r\n...\r\n.\r\n", "\r\n\r\n..\r\n"),
        ("no end of line before the dot.\r\n.\r\n", "no end of line before the dot.\r\n"),
    ]

    @Test(arguments: vectors) func `dot-stuffing is undone and the last line end stays`(wire: String, mail: String) {
        let reader = read(wire)
        #expect(reader.isFinished)
        #expect(String(decoding: reader.content, as: UTF8.self) == mail)
        #expect(reader.wireSize == wire.utf8.count)
        #expect(!reader.hasBareNewline)
    }

    @Test(arguments: 1...7) func `it does not matter how the bytes are cut`(size: Int) {
        for (wire, mail) in Self.vectors {
            let reader = read(wire, pieces: size)
            #expect(reader.isFinished && String(decoding: reader.content, as: UTF8.self) == mail, "\(wire)")
        }
    }

    @Test(arguments: ["a\n.\nMAIL", "a\n.\r\nMAIL", "a\r.\rMAIL", "a\r\n.\nMAIL", "a\r\n.\rMAIL", "a\r.\r\nMAIL"])
    func `nothing but CR LF dot CR LF ends a mail`(wire: String) {
        let reader = read(wire)
        #expect(!reader.isFinished)
        #expect(reader.hasBareNewline)
    }

    @Test func `what follows the dot is left for the next command`() {
        var reader = DotReader(limit: 100)
        #expect(reader.read(Array("a\r\n.\r\nQUIT\r\n".utf8)[...]) == 6)
        #expect(reader.isFinished)
    }

    @Test func `a mail above the limit is read to its end but not kept`() {
        let exact = read("12345678\r\n.\r\n", limit: 10)
        #expect(!exact.isTooLarge && exact.content.count == 10)
        let over = read("123456789\r\n.\r\n", limit: 10)
        #expect(over.isFinished && over.isTooLarge && over.content.isEmpty)
    }

    @Test func `any bytes survive stuffing, cutting and unstuffing`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Seeded(seed)
        for _ in 0..<300 {
            let alphabet: [[UInt8]] = [[46], [13, 10], [97], [0], [255], [46, 46]]
            var mail: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &random) { mail += alphabet.randomElement(using: &random) ?? [] }
            mail += [13, 10]
            var wire: [UInt8] = []
            for (index, byte) in mail.enumerated() {
                if byte == 46, index == 0 || mail[index - 1] == 10 { wire.append(46) }
                wire.append(byte)
            }
            wire += [46, 13, 10]
            var reader = DotReader(limit: 1_000)
            var rest = wire[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...9, using: &random))
                #expect(reader.read(piece) == piece.count)
                rest = rest.dropFirst(piece.count)
            }
            #expect(reader.isFinished && reader.content == mail, "seed \(seed)")
        }
    }
}

/// SplitMix64: small, and the same everywhere.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
