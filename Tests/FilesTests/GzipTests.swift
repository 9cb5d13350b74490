import Files
import Testing

@Suite struct `Compressed files` {
    private let text = Array("a,b\n1,2\n3,4\n".utf8)

    @Test func `are found by their first bytes, in any number of members`() throws {
        #expect(try read(gzip(text)).summaries == ["1|2", "3|4"])
        #expect(
            try read(gzip(Array(text.prefix(6))) + gzip([]) + gzip(Array(text.dropFirst(6)))).summaries == [
                "1|2", "3|4",
            ])
        #expect(try read(gzip(text) + [0, 0, 0]).summaries == ["1|2", "3|4"])
        #expect(fileError { _ = try read(gzip([])) }?.code == .empty)
    }

    @Test func `that end too early are told by the line that was reached`() throws {
        var generator = SeededGenerator(seed: 7)
        let rows = (1...20_000).map { "\($0),\(UInt64.random(in: 0 ... .max, using: &generator))\n" }.joined()
        let whole = gzip(Array(("a,b\n" + rows).utf8))
        let error = fileError { _ = try read(Array(whole.prefix(whole.count / 2))) }
        #expect(error?.code == .gzipCut)
        #expect((5_000...15_000).contains(error?.line ?? 0))
        for length in [2, 9, 12] {
            #expect(fileError { _ = try read(Array(gzip(text).prefix(length))) }?.code == .gzipCut)
        }
        #expect(fileError { _ = try read(gzip(text).dropLast()) }?.code == .gzipCut)
    }

    @Test func `that are damaged are told`() throws {
        var damaged = gzip(text)
        damaged[damaged.count - 6] ^= 1
        #expect(fileError { _ = try read(damaged) }?.code == .gzipDamaged)
        #expect(fileError { _ = try read(gzip(text) + Array("a,b\n".utf8)) }?.code == .gzipDamaged)
    }

    @Test func `that grow beyond all measure are given up early`() throws {
        let bomb = gzip(Array("a,b\n".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 20_000_000))
        #expect(bomb.count < 30_000)
        var pulled = 0
        let error = fileError {
            var reader = try RecordReader(
                ByteSource {
                    guard pulled < bomb.count else { return nil }
                    defer { pulled += 100 }
                    return Array(bomb[pulled..<min(pulled + 100, bomb.count)])
                }, FileForm(.csv(delimiter: nil)))
            _ = try entries(&reader)
        }
        #expect(error?.code == .gzipBomb && error?.line == 2)
        // The first MB is free, and a thousandth of it is what this file holds.
        #expect(pulled < 3_000)
        var limits = FileLimits()
        limits.inflated = 100_000
        var generator = SeededGenerator(seed: 7)
        let rows = (1...20_000).map { "\($0),\(UInt64.random(in: 0 ... .max, using: &generator))\n" }.joined()
        #expect(fileError { _ = try read(gzip(Array(("a,b\n" + rows).utf8)), limits: limits) }?.code == .gzipBomb)
    }
}

private func read(_ slice: ArraySlice<UInt8>) throws -> [Entry] { try read(Array(slice)) }
