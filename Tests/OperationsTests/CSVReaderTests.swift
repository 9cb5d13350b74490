import Support
import Testing

@testable import Operations

@Suite struct `Reading CSV` {
    private func records(_ text: String, delimiter: Character = ",") throws -> [CSVRecord] {
        var reader = CSVReader(Array(text.utf8), delimiter: delimiter.asciiValue ?? 0)
        var records: [CSVRecord] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test func `quotes, doubled quotes, delimiters and line breaks inside a field are kept`() throws {
        let found = try records("a,b\r\n\"x, \"\"y\"\"\",\"two\r\nlines\"\r\nlast,\"\"\r\n")
        #expect(found.map(\.fields) == [["a", "b"], ["x, \"y\"", "two\r\nlines"], ["last", ""]])
        #expect(found.map(\.line) == [1, 2, 4])
    }

    @Test func `a byte order mark, LF and CR line ends, blank lines and a missing last line end are taken`() throws {
        #expect(try records("\u{FEFF}a,b\n1,2\r\r\n\n3,4").map(\.fields) == [["a", "b"], ["1", "2"], ["3", "4"]])
        #expect(try records("").isEmpty)
        #expect(try records("\n\r\n").isEmpty)
    }

    @Test func `a field may be empty wherever it stands`() throws {
        #expect(try records(",\n,,\na,,b\n").map(\.fields) == [["", ""], ["", "", ""], ["a", "", "b"]])
    }

    @Test func `another delimiter leaves the comma alone`() throws {
        #expect(try records("a;b\n1,5;\"x;y\"\n", delimiter: ";").map(\.fields) == [["a", "b"], ["1,5", "x;y"]])
    }

    @Test func `a quotation mark that is never closed ends the reading and says where it was opened`() {
        #expect(throws: CSVFault(kind: .unclosedQuote, line: 3, field: 2)) {
            try records("a,b\n1,2\n3,\"open\nand on\n")
        }
    }

    @Test func `a NUL character ends the reading, quoted or not`() {
        #expect(throws: CSVFault(kind: .nul, line: 2, field: 1)) { try records("a,b\nx\0y,2\n") }
        #expect(throws: CSVFault(kind: .nul, line: 2, field: 2)) { try records("a,b\n1,\"x\0\"\n") }
    }

    @Test func `other faults spoil their record alone`() throws {
        let found = try records("a,b\nx\"y,2\n\"z\" z,4\n5,6\n")
        #expect(found.map(\.fault?.kind) == [nil, .strayQuote, .textAfterQuote, nil])
        #expect(found.map(\.fault?.field) == [nil, 1, 1, nil])
        #expect(found[3].fields == ["5", "6"])
    }

    @Test func `text that is not UTF-8 spoils its record alone`() throws {
        var reader = CSVReader(Array("a,b\n1,".utf8) + [0xE9] + Array("\n2,ok\n".utf8))
        _ = try reader.next()
        #expect(try reader.next()?.fault == CSVFault(kind: .notUTF8, line: 2, field: 2))
        #expect(try reader.next()?.fields == ["2", "ok"])
    }

    @Test func `whatever fields are written, the same fields are read`() throws {
        var generator = SeededGenerator()
        print("seed \(generator.seed)")
        let letters = ["a", "é", "漢", " ", ",", ";", "\"", "\n", "\r\n", "\t"]
        for _ in 0..<200 {
            let rows = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                (0..<3).map { _ in
                    (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                        letters[Int.random(in: letters.indices, using: &generator)]
                    }.joined()
                }
            }
            let text = rows.map { row in
                row.map {
                    "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
                }
                .joined(separator: ",")
            }.joined(separator: "\r\n")
            #expect(try records(text).map(\.fields) == rows)
        }
    }
}
