import Foundation
import Logging
import Testing

@testable import Host

@Suite struct `Log lines` {
    private func line(_ message: String, _ metadata: Logger.Metadata) -> LogLine {
        LogLine(
            microseconds: 1_795_528_800_003_456, level: .warning, program: "recoup-worker", message: message,
            metadata: metadata)
    }

    @Test func `text shows time, level, program, message and sorted fields`() {
        let text = line("lane paused", ["lane": "3", "cause": "too many"]).formatted(.text)
        #expect(text == #"2026-11-24T14:00:00.003Z warning recoup-worker: lane paused cause="too many" lane=3"#)
    }

    @Test func `a value can never start a line of its own`() {
        // No test arguments: the runner would print them as they are, and one clears the screen.
        for value in ["a\nb", "a\r\nforged", "a\u{2028}b", "a\u{1b}[2J", "a\u{0}b"] {
            for format in LogFormat.allCases {
                let text = line(value, ["field": .string(value)]).formatted(format)
                let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 32 && $0 != "\u{7f}" && $0 != "\u{2028}" }
                #expect(isPlain, "\(text.debugDescription)")
            }
        }
    }

    @Test func `json reads back to what was logged`() throws {
        let nasty = "quote \" backslash \\ tab \t bell \u{7} umlaut ü snowman ☃ rocket 🚀"
        let text = line(nasty, ["message": "shadow", "list": ["a", "b"]]).formatted(.json)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
        #expect(
            object == [
                "time": "2026-11-24T14:00:00.003Z", "level": "warning", "program": "recoup-worker", "message": nasty,
                "field.message": "shadow", "list": #"["a", "b"]"#,
            ])
    }

    @Test func `a logger writes its own fields, those of the call and the error, and keeps to its level`() {
        let lines = Lines()
        var logger = lines.logger(format: .text, level: .info)
        logger[metadataKey: "worker"] = "7"
        logger.debug("unseen")
        logger.info("claimed", metadata: ["rows": "3"])
        #expect(lines.all.count == 1)
        #expect(lines.all.first?.hasSuffix("info recoup-test: claimed rows=3 worker=7") == true)
    }
}
