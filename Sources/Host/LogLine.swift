import Foundation
import Logging

/// How an event is written.
package enum LogFormat: String, Sendable, CaseIterable {
    case text, json
}

/// One event as one line, whatever its values hold: a line break in a value can never start a line of its own.
struct LogLine {
    let microseconds: Int64
    let level: Logger.Level
    let program: String
    let message: String
    let metadata: Logger.Metadata

    func formatted(_ format: LogFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        }
    }

    private var text: String {
        var line = "\(stamp) \(level.rawValue) \(program): \(Self.singleLine(message))"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(Self.quotedIfNeeded("\(value)"))"
        }
        return line
    }

    private var json: String {
        var line = "{\"time\":\"\(stamp)\",\"level\":\"\(level.rawValue)\",\"program\":\(Self.quoted(program))"
        line += ",\"message\":\(Self.quoted(message))"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            // A field named like one of ours would make a second member of that name, and readers disagree about those.
            let name = ["time", "level", "program", "message"].contains(key) ? "field.\(key)" : key
            line += ",\(Self.quoted(name)):\(Self.quoted("\(value)"))"
        }
        return line + "}"
    }

    /// RFC 3339 in UTC, to the millisecond. Whole seconds and the rest apart: as one double they print a millisecond less.
    private var stamp: String {
        let seconds = Date(timeIntervalSince1970: Double(microseconds / 1_000_000)).formatted(.iso8601).dropLast()
        return "\(seconds).\(String(microseconds / 1_000 % 1_000 + 1_000).dropFirst())Z"
    }

    private static func quotedIfNeeded(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.unicodeScalars.allSatisfy { isPrintable($0) && !" \"=".unicodeScalars.contains($0) }
        return isPlain ? value : quoted(value)
    }

    private static func singleLine(_ text: String) -> String {
        text.unicodeScalars.allSatisfy(isPrintable) ? text : quoted(text)
    }

    /// Line and paragraph separators count as breaks, for terminals and readers that split there.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }

    /// A JSON string (RFC 8259 section 7); everything unprintable is escaped.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return result + "\""
    }
}
