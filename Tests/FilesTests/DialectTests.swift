import Files
import Testing

/// Tables written in any way a file may be written come back as they were.
@Suite struct `Every dialect` {
    private static let letters = [
        "a", "Z", "0", "é", "ß", " ", ",", ";", "|", "\t", "\"", "'", "\n", "\r", "\r\n", "\\", "{", "}", "漢", "😀", "€",
    ]

    private struct Dialect {
        var delimiter: Character
        var lineEnd: String
        var isEverythingQuoted: Bool
        var endsWithLineEnd: Bool

        init(using generator: inout SeededGenerator) {
            delimiter = [",", ";", "\t", "|"].randomElement(using: &generator) ?? ","
            lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &generator) ?? "\n"
            isEverythingQuoted = Bool.random(using: &generator)
            endsWithLineEnd = Bool.random(using: &generator)
        }

        func write(_ rows: [[String]]) -> String {
            let lines = rows.map { $0.map(write).joined(separator: String(delimiter)) }
            return lines.joined(separator: lineEnd) + (endsWithLineEnd ? lineEnd : "")
        }

        private func write(_ field: String) -> String {
            let needsQuotes =
                field.unicodeScalars.contains { "\"\r\n".unicodeScalars.contains($0) }
                || field.contains(delimiter) || field.unicodeScalars.contains(delimiter.unicodeScalars.first ?? ",")
            guard isEverythingQuoted || needsQuotes else { return field }
            return "\"" + field.replacing("\"", with: "\"\"") + "\""
        }
    }

    private func table(using generator: inout SeededGenerator, letters: [String]) -> [[String]] {
        let columns = Int.random(in: 2...5, using: &generator)
        let header = (0..<columns).map { "column \($0)" }
        // A first field that is not empty: a line with nothing at all would be a blank one.
        return [header]
            + (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                (0..<columns).map { column in
                    (column == 0 ? "x" : "")
                        + (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                            letters.randomElement(using: &generator) ?? ""
                        }.joined()
                }
            }
    }

    private func encode(
        _ text: String, using generator: inout SeededGenerator
    ) -> (bytes: [UInt8], declared: TextEncoding) {
        let latin = text.unicodeScalars.allSatisfy { $0.value < 0x80 || (0xA0...0xFF).contains($0.value) }
        switch Int.random(in: 0...(latin ? 6 : 4), using: &generator) {
        case 0: return (Array(text.utf8), .auto)
        case 1: return ([0xEF, 0xBB, 0xBF] + Array(text.utf8), .auto)
        case 2: return (Array(text.utf8), .utf8)
        case 3: return (utf16(text, isBig: Bool.random(using: &generator)), .auto)
        case 4: return (utf16(text, isBig: true, mark: false), .utf16BE)
        case 5: return (text.unicodeScalars.map { UInt8($0.value) }, .latin1)
        default: return (text.unicodeScalars.map { UInt8($0.value) }, .windows1252)
        }
    }

    @Test func `tables written as CSV come back, whatever the pieces they come in`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let isLatin = Bool.random(using: &generator)
            let letters = isLatin ? Array(Self.letters.dropLast(3)) : Self.letters
            let rows = table(using: &generator, letters: letters)
            let dialect = Dialect(using: &generator)
            var (bytes, declared) = encode(dialect.write(rows), using: &generator)
            if Bool.random(using: &generator) { bytes = gzip(bytes) }
            let delimiter = Bool.random(using: &generator) ? dialect.delimiter.asciiValue : nil
            for piece in [1, 2, 3, Int.random(in: 4...50, using: &generator), 65_536] {
                let found = try read(bytes, .csv(delimiter: delimiter), encoding: declared, piece: piece)
                #expect(found.map(\.texts) == Array(rows.dropFirst()), "piece \(piece)")
                #expect(found.allSatisfy { $0.fault == nil })
            }
        }
    }

    @Test func `tables written as NDJSON come back, whatever the pieces they come in`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let rows = table(using: &generator, letters: Self.letters + ["\u{1}", "\u{7F}", "\u{2028}", "/"])
            let paths = rows[0].indices.map { $0.isMultiple(of: 2) ? "part.key \($0)" : "key \($0)" }
            let text = rows.dropFirst().map { write($0, using: &generator) + "\n" }.joined()
            var (bytes, declared) = encode(text, using: &generator)
            if Bool.random(using: &generator) { bytes = gzip(bytes) }
            for piece in [1, 2, 3, Int.random(in: 4...50, using: &generator), 65_536] {
                let found = try read(bytes, .ndjson(paths: paths), encoding: declared, piece: piece)
                #expect(found.map(\.texts) == Array(rows.dropFirst()), "piece \(piece)")
            }
        }
    }

    /// Even columns within an object, odd ones beside it, in random order and with random blanks.
    private func write(_ row: [String], using generator: inout SeededGenerator) -> String {
        let blank = Bool.random(using: &generator) ? " " : ""
        func pair(_ column: Int) -> String {
            "\"key \(column)\"\(blank):\(blank)\(quoted(row[column], using: &generator))"
        }
        let inner = row.indices.filter { $0.isMultiple(of: 2) }.shuffled(using: &generator).map(pair)
        let outer = row.indices.filter { !$0.isMultiple(of: 2) }.map(pair)
        let object = "\"part\": {\(blank)" + inner.joined(separator: ",") + "\(blank)}"
        return "{" + (outer + [object, "\"other\": [{}, -1.5]"]).shuffled(using: &generator).joined(separator: ",")
            + "}"
    }

    private func quoted(_ text: String, using generator: inout SeededGenerator) -> String {
        var written = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            guard mustEscape || Bool.random(using: &generator) else {
                written.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16, uppercase: Bool.random(using: &generator))
                written += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return written + "\""
    }

    @Test func `no bytes whatever do more than spoil records, and the pieces they come in make no difference`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let csv = Array("a,b\n\"x\"\"y\",2\r\n3,\"é\n\"\n".utf8)
        let json =
            Array(#"{"a": "x\u00e9\"", "b": [1, {"c": -0.5e1}], "d": {"e": null}}"#.utf8)
            + Array("\n{\"a\": true}\n".utf8)
        let signs = Array("\"\n\r,;{}[]:\\u0-.e".utf8) + [0, 0x80, 0xC3, 0xED, 0xF4, 0xFF]
        for _ in 0..<1_500 {
            let isJSON = Bool.random(using: &generator)
            var bytes = isJSON ? json : csv
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: bytes[place] = signs.randomElement(using: &generator) ?? 0
                case 1: bytes.insert(signs.randomElement(using: &generator) ?? 0, at: place)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            let encoding = TextEncoding.allCases.randomElement(using: &generator) ?? .auto
            let layout = isJSON ? FileForm.Layout.ndjson(paths: ["a", "b", "d.e"]) : .csv(delimiter: nil)
            let whole = Result { try read(bytes, layout, encoding: encoding) }
            let pieces = Result { try read(bytes, layout, encoding: encoding, piece: 1) }
            switch (whole, pieces) {
            case (.success(let one), .success(let other)): #expect(one == other)
            case (.failure(let one), .failure(let other)): #expect(one as? FileError == other as? FileError)
            default: #expect(Bool(false), "\(bytes)")
            }
            if !bytes.isEmpty {
                var packed = gzip(bytes)
                packed[Int.random(in: packed.indices, using: &generator)] ^= UInt8.random(
                    in: 1...255, using: &generator)
                _ = try? read(packed, layout, encoding: encoding)
            }
        }
    }
}
