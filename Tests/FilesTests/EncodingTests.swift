import Files
import Testing

@Suite struct `Encodings` {
    private let text = "name,note\nÄnne,漢字 😀\n"

    @Test func `a byte order mark says what a file is written in`() throws {
        for isBig in [false, true] {
            for declared in [TextEncoding.auto, .utf16, isBig ? .utf16BE : .utf16LE] {
                #expect(try read(utf16(text, isBig: isBig), encoding: declared).summaries == ["Änne|漢字 😀"])
            }
        }
        #expect(try read([0xEF, 0xBB, 0xBF] + Array(text.utf8), encoding: .utf8).summaries == ["Änne|漢字 😀"])
    }

    @Test func `what is declared is taken at its word`() throws {
        for isBig in [false, true] {
            let bytes = utf16(text, isBig: isBig, mark: false)
            #expect(try read(bytes, encoding: isBig ? .utf16BE : .utf16LE).summaries == ["Änne|漢字 😀"])
        }
        let windows = Array("a,b\n".utf8) + [0x80, 0x2C, 0xE4, 0x93, 0x0A]
        #expect(try read(windows, encoding: .windows1252).summaries == ["€|ä“"])
        #expect(try read(windows, encoding: .latin1).summaries == ["\u{80}|ä\u{93}"])
    }

    @Test func `nothing is guessed`() throws {
        let bytes = utf16(text, isBig: false, mark: false)
        #expect(fileError { _ = try read(bytes) }?.code == .encodingUnclear)
        #expect(fileError { _ = try read(bytes, encoding: .utf16) }?.code == .encodingUnclear)
        for (bytes, declared) in [
            (utf16(text, isBig: true), TextEncoding.utf8), (utf16(text, isBig: true), .utf16LE),
            ([0xEF, 0xBB, 0xBF] + Array(text.utf8), .windows1252), (utf16(text, isBig: false), .latin1),
        ] {
            #expect(fileError { _ = try read(bytes, encoding: declared) }?.code == .encodingMismatch)
        }
        #expect(fileError { _ = try read(Array("PK\u{3}\u{4}xxxx".utf8)) }?.code == .notText)
        #expect(fileError { _ = try read([0xFF, 0xFE, 0, 0, 0x41, 0, 0, 0]) }?.code == .encodingMismatch)
    }

    @Test func `bytes that are not valid spoil their record, and the message says what to declare`() throws {
        let found = try read(Array("a,b\nok,1\n2,x".utf8) + [0xE9] + Array("\n3,4\n".utf8))
        #expect(found.summaries == ["ok|1", "3:2 wrong_encoding", "3|4"])
        #expect(found[1].fault?.name == "b" && found[1].fault?.message.contains("byte 2 of the field, E9") == true)
        #expect(found[1].fault?.message.contains("windows-1252") == true)
        let json = Array(#"{"a":"x"#.utf8) + [0xC3, 0x28] + Array("\"}\n{\"a\":\"y\"}".utf8)
        #expect(try read(json, .ndjson(paths: ["a"])).summaries == ["1:1 wrong_encoding", "y"])
        #expect(
            try read(Array("a,b\n1,".utf8) + [0x81, 0x0A], encoding: .windows1252).summaries == ["2:2 wrong_encoding"])
        var lone = utf16("a,b\n1,x\n2,y\n", isBig: false)
        lone.replaceSubrange(14..<16, with: [0x00, 0xD8])
        #expect(try read(lone).summaries == ["2:2 wrong_encoding", "2|y"])
        #expect(try read(utf16("a\nx\ny", isBig: true) + [0]).summaries == ["x", "3:1 wrong_encoding"])
    }

    /// The standard library's own decoder says what is valid.
    @Test func `every start of a character is judged as the standard library judges it`() throws {
        for first in UInt8(0x80)...0xFF {
            for second in [UInt8(0x20), 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF] {
                for tail in [[], [0x80], [0x80, 0x80], [0xBF, 0xBF], [0x20, 0x80], [0x80, 0xC0]] as [[UInt8]] {
                    let bytes = [first, second] + tail
                    let isValid = String(validating: bytes, as: UTF8.self) != nil
                    let found = try read(Array("a,b\n1,".utf8) + bytes + Array("\n".utf8), encoding: .utf8)
                    #expect((found.first?.fault == nil) == isValid, "\(bytes)")
                }
            }
        }
    }
}
