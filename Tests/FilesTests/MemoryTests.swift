import Testing

@testable import Files

/// Memory depends on the limits and never on the file: shown by the capacity of the buffers, which never shrinks.
@Suite struct `Memory while reading` {
    /// A line of many megabytes, made as it is read: how many makes no difference to the buffers.
    private func endless(_ start: String, _ filling: UInt8, _ count: Int, _ end: String) -> ByteSource {
        let piece = [UInt8](repeating: filling, count: 1_048_576)
        var step = -1
        return ByteSource {
            step += 1
            switch step {
            case 0: return Array(start.utf8)
            case 1...count: return piece
            case count + 1: return Array(end.utf8)
            default: return nil
            }
        }
    }

    /// Reads all and looks at the buffers after each record.
    private func summaries(_ reader: inout RecordReader) throws -> [String] {
        var record = Record()
        var found: [String] = []
        while try reader.next(into: &record) {
            let texts = (0..<record.count).map { record.text($0) }
            found.append(Entry(line: record.line, number: record.number, texts: texts, fault: record.fault).summary)
            #expect(record.bytes.capacity < 262_144)
            #expect(reader.json.map { $0.text.capacity < 262_144 } ?? true)
        }
        return found
    }

    @Test(arguments: [
        ("a,b\n1,2\n3,", "\n5,6\n", ["1|2", "3:2 line_too_long", "5|6"]),
        ("a,b\n1,2\n3,\"", "\"\n5,6\n", ["1|2", "3:2 line_too_long", "5|6"]),
        ("a,b\n1,2\n3,\"", "\n5,6\n", ["1|2", "3:2 unclosed_quote"]),
    ])
    func `stays flat over a line without end in CSV`(start: String, end: String, found: [String]) throws {
        var reader = try RecordReader(endless(start, UInt8(ascii: "x"), 8, end), FileForm(.csv(delimiter: nil)))
        #expect(try summaries(&reader) == found)
    }

    @Test func `stays flat over a line without end in NDJSON, and over one of delimiters`() throws {
        var json = try RecordReader(
            endless("{\"a\":1}\n{\"a\":\"", UInt8(ascii: "x"), 8, "\"}\n{\"a\":2}\n"), FileForm(.ndjson(paths: ["a"])))
        #expect(try summaries(&json) == ["1", "2:0 line_too_long", "2"])
        var commas = try RecordReader(
            endless("a,b\n1,2\n", UInt8(ascii: ","), 2, "\n5,6\n"), FileForm(.csv(delimiter: nil)))
        #expect(try summaries(&commas) == ["1|2", "3:3 wrong_field_count", "5|6"])
        #expect(
            fileError {
                _ = try RecordReader(endless("a", UInt8(ascii: "x"), 8, "\n"), FileForm(.csv(delimiter: nil)))
            }?.code == .header)
    }

    @Test func `stays flat over millions of rows`() throws {
        let rows = Array(String(repeating: "12345,some name,2026-11-24\n", count: 40_000).utf8)
        var rest = 3
        var reader = try RecordReader(
            ByteSource {
                rest -= 1
                return rest == 2 ? Array("id,name,day\n".utf8) : rest >= 0 ? rows : nil
            }, FileForm(.csv(delimiter: nil)))
        var record = Record()
        var count = 0
        while try reader.next(into: &record) { count += 1 }
        #expect(record.bytes.capacity < 262_144)
        #expect(count == 80_000)
    }

    @Test func `an error of the source comes through as it is`() throws {
        struct Broken: Error {}
        var pieces = 0
        var reader = try RecordReader(
            ByteSource {
                pieces += 1
                if pieces == 3 { throw Broken() }
                return Array("a\n1\n2\n".utf8)
            }, FileForm(.csv(delimiter: nil)))
        #expect(throws: Broken.self) { _ = try entries(&reader) }
    }
}
