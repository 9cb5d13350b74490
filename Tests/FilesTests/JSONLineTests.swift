import Files
import Testing

@Suite struct `Reading NDJSON` {
    private func read(_ text: String, _ paths: String...) throws -> [Entry] {
        try FilesTests.read(text, .ndjson(paths: paths))
    }

    @Test func `values are found by key and by path, in any order, nested or flat`() throws {
        let found = try read(
            """
            {"id": 1, "customer": {"name": "Ann", "x": [1, {"name": 2}]}}
            {"customer": {"name": "Bob"}, "id": "2", "other": {"id": 3, "id": 4}}

            {"customer.name": "Cy", "id": 3}
            {}
            {"id": null, "customer": null}

            """, "id", "customer.name")
        #expect(found.summaries == ["1|Ann", "2|Bob", "3|Cy", "-|-", "-|-"])
        #expect(found.map(\.line) == [1, 2, 4, 5, 6])
    }

    @Test func `numbers stay digit for digit, and arrays and objects stay as they are`() throws {
        let found = try read(
            #"{"a": 12345678901234567890.10, "b": -0.5e+3, "c": true, "d": [ {"x": "\u0041"} , [] ], "e": {"f": 1}}"#,
            "a", "b", "c", "d", "e")
        #expect(
            found.summaries == [
                #"12345678901234567890.10|-0.5e+3|true|[ {"x": "\u0041"} , [] ]|{"f": 1}"#
            ])
    }

    @Test func `escapes are resolved in keys and texts`() throws {
        let found = try read(#"{"\u0069d": "a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00", "x": "é"}"#, "id", "x")
        #expect(found.first?.texts == ["a\"\\/\u{8}\u{C}\n\r\t\u{E9}\u{1F600}", "é"])
    }

    @Test(arguments: [
        ("{\"id\": 1", "incomplete_json"), ("{\"id\": \"x", "incomplete_json"), ("{", "incomplete_json"),
        ("{\"id\": \"x\\", "incomplete_json"), ("{\"id\"", "incomplete_json"), ("{\"id\": tr", "incomplete_json"),
        ("{\"id\": 1.", "incomplete_json"), ("{\"id\": [1, ", "incomplete_json"), ("{\"id\": 01}", "malformed_json"),
        ("{\"id\": 1,}", "malformed_json"), ("{\"id\": .5}", "malformed_json"), ("{\"id\": +1}", "malformed_json"),
        ("{\"id\": nul}", "malformed_json"), ("{id: 1}", "malformed_json"), ("{\"id\": 1} {}", "malformed_json"),
        ("{\"id\": 1]", "malformed_json"), ("{\"id\": \"a\tb\"}", "malformed_json"), ("{\"id\" 1}", "malformed_json"),
        ("{\"id\": \"\\x\"}", "malformed_json"), ("{\"id\": \"\\u00g0\"}", "malformed_json"), ("[1]", "not_an_object"),
        ("1", "not_an_object"), ("{\"id\": \"\\ud800\"}", "wrong_encoding"), ("{\"id\": \"\\u0000\"}", "nul_character"),
        ("{\"id\": \"a\0b\"}", "nul_character"), ("{\"id\": 1, \"id\": 1}", "doubled_key"),
        ("{\"x\": 1, \"y\": 2, \"x\": 1}", "doubled_key"), ("{\"c\": {\"d\": 1}, \"c.d\": 2}", "doubled_key"),
        ("{\"x\": 1, \"\\u0078\": 1}", "doubled_key"), ("{\"c\": 1}", "malformed_json"),
        ("{\"x\": " + String(repeating: "[", count: 100) + "}", "too_deep"),
    ])
    func `a line that is not right is at fault, and the next is read`(line: String, code: String) throws {
        let found = try read(line + "\n{\"id\": 7}\n", "id", "c.d")
        #expect(found.map { $0.fault?.code.rawValue } == [code, nil])
        #expect(found.last?.texts.first == "7")
    }

    @Test func `a fault names field and place`() throws {
        let found = try read("{\"a\": 1}\n{\"a\": 1, \"c\": {\"d\": \"\\u0000\"}}\n", "a", "c.d")
        #expect(found[1].fault?.line == 2 && found[1].fault?.column == 2 && found[1].fault?.name == "c.d")
    }

    @Test func `an object has no more keys than a header may have columns`() throws {
        let wide = "{" + (1...10_000).map { "\"\($0)\":1" }.joined(separator: ",") + "}"
        let limits = {
            var limits = FileLimits(); limits.record = 1_000_000; return limits
        }()
        let found = try FilesTests.read(Array(wide.utf8), .ndjson(paths: ["id"]), limits: limits)
        #expect(found.summaries == ["1:0 too_many_columns"])
    }

    @Test func `any prefix of a line is at fault and none is read past its end`() throws {
        let line = Array(#"{"a": {"b": [1.5e3, "x\u00e9"], "c": {}}, "d": false}"#.utf8)
        for length in 1..<line.count {
            let found = try FilesTests.read(Array(line.prefix(length)), .ndjson(paths: ["a.b", "d"]))
            #expect(found.first?.fault != nil, "\(length)")
        }
        #expect(try FilesTests.read(line, .ndjson(paths: ["a.b", "d"])).summaries == [#"[1.5e3, "x\u00e9"]|false"#])
    }
}
