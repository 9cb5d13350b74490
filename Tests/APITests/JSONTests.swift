import Foundation
import Support
import Testing

@testable import recoup_api

@Suite struct `Reading JSON` {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONParser.parse(Array(text.utf8))
    }

    private func refusal(of text: String) throws -> JSONError {
        try #require(throws: JSONError.self) { try parse(text) }
    }

    @Test func `keeps the order of members and the text of numbers`() throws {
        #expect(
            try parse(#" {"b": 1.10, "a": [true, null, "x\u00e9\ud83d\ude00\n"]} "#)
                == .object([
                    .init(name: "b", value: .number("1.10")),
                    .init(name: "a", value: .array([.bool(true), .null, .string("xé😀\n")])),
                ]))
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", #"{"a":}"#, #"{"a" 1}"#, "{a:1}", "01", "1.", "-", "+1", ".5", "1e", "nul", "True",
        "[1] 2",
        #""\x""#, #""\u12g4""#, #""abc"#, "{\"a\":1,}", "NaN", "Infinity", "'a'", "// c\n1",
    ])
    func `refuses what is no JSON`(_ text: String) throws {
        #expect(try refusal(of: text).code == .malformed)
    }

    @Test func `says at which value a text goes wrong`() throws {
        #expect(try refusal(of: #"{"a": [1, {"b/c": tru}]}"#).pointer == "/a/1/b~1c")
        #expect(try refusal(of: "{\"name\": \"a\u{0}b\"}").pointer == "/name")
        #expect(try refusal(of: "{\"name\": \"a\u{0}b\"}").code == .controlCharacter)
        #expect(
            try refusal(of: #"{"a": 1, "a": 2}"#)
                == JSONError(code: .duplicateKey, pointer: "/a", detail: "is there twice"))
    }

    @Test func `refuses half a surrogate pair and bytes that are not UTF-8`() throws {
        #expect(try refusal(of: #"["\ud800"]"#).code == .badEncoding)
        #expect(try refusal(of: #"["\ude00\ud83d"]"#).code == .badEncoding)
        #expect(try refusal(of: #"["\ud83dx"]"#).code == .badEncoding)
        let error = try #require(throws: JSONError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
        #expect(error.code == .badEncoding)
    }

    @Test func `is not deeper than its limit, however long the text`() throws {
        let limit = JSONParser.depthLimit
        _ = try parse(String(repeating: "[", count: limit) + String(repeating: "]", count: limit))
        #expect(try refusal(of: String(repeating: "[", count: limit + 1)).code == .tooDeep)
        #expect(try refusal(of: String(repeating: #"{"a":"#, count: 100_000)).code == .tooDeep)
    }

    @Test func `reads what Foundation writes, and writes what Foundation reads`() throws {
        var random = SeededGenerator()
        print("seed \(random.seed)")
        for _ in 0..<300 {
            let value = random.value(depth: 4)
            let data = try JSONSerialization.data(withJSONObject: ["v": value], options: [])
            let read = try JSONParser.parse(Array(data))
            let again = try JSONSerialization.jsonObject(with: Data(read.canonical.utf8)) as? NSDictionary
            #expect(again == ["v": value] as NSDictionary, "seed \(random.seed)")
        }
    }

    @Test func `has one spelling for requests that say the same`() throws {
        let one = try parse(#"{"b": {"y": null, "x": "\u0041"}, "a": [1, null]}"#)
        let other = try parse(#"{ "a":[1,null],"c":null,"b":{"x":"A"} }"#)
        #expect(one.canonical == other.canonical)
        #expect(one.canonical == #"{"a":[1,null],"b":{"x":"A"}}"#)
        #expect(try parse(#"{"a": "1"}"#).canonical != parse(#"{"a": 1}"#).canonical)
    }
}

/// Values without null: Foundation has no absent members.
extension SeededGenerator {
    fileprivate mutating func value(depth: Int) -> Any {
        switch Int.random(in: 0..<(depth > 0 ? 5 : 3), using: &self) {
        case 0: return Int.random(in: -1_000_000...1_000_000, using: &self)
        case 1: return text()
        case 2: return Bool.random(using: &self)
        case 3: return (0..<Int.random(in: 0..<4, using: &self)).map { _ in value(depth: depth - 1) }
        default:
            var members: [String: Any] = [:]
            for _ in 0..<Int.random(in: 0..<4, using: &self) { members[text()] = value(depth: depth - 1) }
            return members
        }
    }

    private mutating func text() -> String {
        let alphabet: [Character] = ["a", "\"", "\\", "/", "\n", "\u{1}", "é", "😀", "~", "\u{7f}"]
        return String(
            (0..<Int.random(in: 0..<6, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? "a" })
    }
}
