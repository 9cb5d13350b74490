import Foundation

/// What a server wrote, made fit to be stored and shown, and the few things to be read from it.
enum ServerWords {
    /// At most `limit` bytes, on a character boundary, without control characters and mail addresses.
    ///
    /// Replies like to repeat the recipient, and they are shown to people who may not see it.
    static func redacted(_ text: String, limit: Int = 512) -> String {
        // The replacement is longer than the shortest address, so the cut comes last.
        let visible = String(String.UnicodeScalarView(text.unicodeScalars.map(shown)))
        let plain =
            !visible.contains("@")
            ? visible : visible.replacing(#/[^\s<>()\[\]"',;:=]+@[^\s<>()\[\]"',;:]+/#, with: "[address]")
        guard plain.utf8.count > limit else { return plain }
        var end = plain.utf8.index(plain.utf8.startIndex, offsetBy: limit)
        while end.samePosition(in: plain.unicodeScalars) == nil { end = plain.utf8.index(before: end) }
        return String(plain[..<end])
    }

    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: " "
        default: scalar
        }
    }

    /// The wait a temporary refusal asks for, in seconds, as in "try again in 5 minutes"; at most a day.
    static func retryAfter(in text: String) -> Int? {
        guard
            let match = text.lowercased().firstMatch(
                of: #/\b(\d{1,6})\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)\b/#),
            let number = Int(match.1), number > 0
        else { return nil }
        let unit = match.2.hasPrefix("s") ? 1 : match.2.hasPrefix("m") ? 60 : 3_600
        return min(number * unit, 86_400)
    }

    static func holds(_ text: String, anyOf words: [String]) -> Bool {
        let text = text.lowercased()
        return words.contains { text.contains($0) }
    }
}
