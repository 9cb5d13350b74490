import Files
import Testing

@Suite struct `Reading CSV` {
    @Test func `quotes, doubled quotes, delimiters and line breaks inside a field are kept`() throws {
        let found = try read("a,b\r\n\"x, \"\"y\"\"\",\"two\r\nlines\"\r\nlast,\"\"\r\n")
        #expect(found.map(\.texts) == [["x, \"y\"", "two\r\nlines"], ["last", ""]])
        #expect(found.map(\.line) == [2, 4] && found.map(\.number) == [1, 2])
    }

    @Test func `a byte order mark, LF and CR line ends, blank lines and a missing last line end are taken`() throws {
        let found = try read("\u{FEFF}a,b\n1,2\r\r\n\n3,4")
        #expect(found.summaries == ["1|2", "3|4"] && found.map(\.line) == [2, 5])
        #expect(try read("a\rx\ry\r").summaries == ["x", "y"])
        #expect(try read("\n\r\na\n").isEmpty)
    }

    @Test func `a field may be empty wherever it stands`() throws {
        #expect(try read("a,b,c\n,,\nx,,y\n,,z").summaries == ["||", "x||y", "||z"])
    }

    @Test func `the delimiter is the one the header has most of, or the declared one`() throws {
        for delimiter in [",", ";", "\t", "|"] {
            let text = "a\(delimiter)b\(delimiter)\"c,;|\"\n1\(delimiter)2,5;x|y\(delimiter)3\n"
            let quoted = text.replacing("2,5;x|y", with: "\"2,5;x|y\"")
            #expect(try read(quoted).summaries == ["1|2,5;x|y|3"])
        }
        #expect(try read("a:b,c\n1:2,3\n", .csv(delimiter: UInt8(ascii: ":"))).summaries == ["1|2,3"])
        #expect(try read("single\nvalue\n").summaries == ["value"])
        #expect(fileError { _ = try read("a,b;c\n") }?.code == .delimiterUnclear)
    }

    @Test func `a NUL, a stray mark and text behind a mark spoil their record alone, named by row and column`() throws {
        let found = try read("a,b\nx\0y,2\n1,\"x\0\"\nx\"y,2\n1,\"z\" z\n5,6\n")
        #expect(
            found.summaries == [
                "2:1 nul_character", "3:2 nul_character", "4:1 stray_quote", "5:2 text_after_quote", "5|6",
            ])
        #expect(found.map(\.fault?.name) == ["a", "b", "a", "b", nil])
        #expect(found.map(\.number) == [1, 2, 3, 4, 5])
    }

    @Test func `a faulty record is cut as if it were good, so what is quoted in it never becomes a record`() throws {
        #expect(try read("a,b\nx\0,\"one\ntwo,three\n\"\n5,6\n").summaries == ["2:1 nul_character", "5|6"])
        let limits = {
            var limits = FileLimits(); limits.record = 20; return limits
        }()
        let long = "a,b\n1,\"" + String(repeating: "x,y\n", count: 20) + "\"\n5,6\n"
        #expect(try read(Array(long.utf8), limits: limits).summaries == ["6:2 line_too_long", "5|6"])
    }

    @Test func `a quotation mark that is never closed is told by the line it was opened in`() throws {
        let found = try read("a,b\n1,2\n3,\"open\nand on\n5,6\n")
        #expect(found.summaries == ["1|2", "3:2 unclosed_quote"])
        #expect(try read("a,b\n\"x\n\",\"open\nand on\n").summaries == ["3:2 unclosed_quote"])
    }

    @Test func `too few and too many fields are named, and a last line that is cut off`() throws {
        let found = try read("a,b,c\n1,2\n1,2,3,4\n1,2,3\n1,2")
        #expect(
            found.summaries == ["2:3 wrong_field_count", "3:4 wrong_field_count", "1|2|3", "5:3 wrong_field_count"])
        #expect(found[0].fault?.name == "c")
        #expect(
            found[0].fault?.message.contains("cut off") == false && found[3].fault?.message.contains("cut off") == true)
    }

    @Test func `a header names each column once, and not too many`() throws {
        #expect(fileError { _ = try read("a, a\n1,2\n") }?.code == .doubledColumn)
        #expect(try read("a,,\n1,2,3\n").summaries == ["1|2|3"])
        let wide = (1...10_000).map { "column\($0)" }.joined(separator: ",")
        let error = fileError { _ = try read(wide + "\n1\n") }
        #expect(error?.code == .tooManyColumns && error?.line == 1)
        #expect(try read((1...500).map { "c\($0)" }.joined(separator: ",") + "\n").isEmpty)
        #expect(fileError { _ = try read("a,\"b\n1,2\n") }?.code == .header)
        #expect(fileError { _ = try read(String(repeating: "x", count: 201) + "\n") }?.code == .header)
        let reader = try RecordReader(
            ByteSource(bytes: Array("\"Invoice\nDate\", \u{202E}b\u{7} \n".utf8)), FileForm(.csv(delimiter: nil)))
        #expect(reader.columns == ["Invoice Date", "b"])
        for empty in ["", "\u{FEFF}", "\n\n"] { #expect(fileError { _ = try read(empty) }?.code == .empty) }
    }

    @Test func `a record of exactly the limit is read, one more byte is not`() throws {
        let limits = {
            var limits = FileLimits(); limits.record = 10; return limits
        }()
        let found = try read(Array("a,b\n1234567,90\n12345678,90\n1,2\n".utf8), limits: limits)
        #expect(found.summaries == ["1234567|90", "3:2 line_too_long", "1|2"])
    }
}
