import Dunning
import Foundation
import Support
import Testing

@testable import Store

/// What is written without an encoder says what one would have written.
@Suite struct FlatJSONTests {
    private static func text(using generator: inout SeededGenerator) -> String {
        let pieces = [
            "a", "\"", "\\", "/", "\n", "\u{1}", "\u{1F}", "\u{7F}", "\u{85}", "\u{2028}", "é", "日本", "👩‍👧", " ",
        ]
        return (0..<Int.random(in: 0..<8, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
            .joined()
    }

    @Test func `objects of texts and of values, and traces, read back the same`() throws {
        var generator = SeededGenerator()
        print("seed of the flat JSON: \(generator.seed)")
        let decoder = JSONDecoder()
        for _ in 0..<500 {
            var texts: [String: String] = [:], values: [String: EventValue] = [:]
            for _ in 0..<Int.random(in: 0..<6, using: &generator) {
                texts[Self.text(using: &generator)] = Self.text(using: &generator)
                let number = Int.random(in: .min ... .max, using: &generator)
                let value: [EventValue] = [.none, .number(number), .text(Self.text(using: &generator))]
                values[Self.text(using: &generator)] = value.randomElement(using: &generator)
            }
            #expect(try decoder.decode([String: String].self, from: Data(FlatJSON.of(texts).utf8)) == texts)
            #expect(try decoder.decode([String: EventValue].self, from: Data(FlatJSON.of(values).utf8)) == values)
            let checks = (0..<Int.random(in: 0..<4, using: &generator)).map { _ in
                Gated.Check(
                    check: Self.text(using: &generator), passed: Bool.random(using: &generator),
                    detail: Self.text(using: &generator))
            }
            #expect(try decoder.decode([Gated.Check].self, from: Data(FlatJSON.of(checks).utf8)) == checks)
        }
        #expect(FlatJSON.of(["b": "2", "a": "1"]) == #"{"a":"1","b":"2"}"#)
    }
}
