package import Dunning

/// What a piece of text given from outside may hold.
///
/// Names and addresses end up in mail headers and terminals, so a line holds no control character, no line or paragraph
/// separator, and no mark that turns the direction of writing round (`Trojan Source`, CVE-2021-42574).
package struct TextRule: Sendable {
    /// Unicode scalars, which is how PostgreSQL counts.
    package let limit: Int
    /// Whether LF and tab may stand in it.
    package let hasLines: Bool
    /// Whether it may be empty or blank.
    package let mayBeBlank: Bool

    package static func line(upTo limit: Int) -> TextRule {
        TextRule(limit: limit, hasLines: false, mayBeBlank: false)
    }

    package static func lines(upTo limit: Int) -> TextRule {
        TextRule(limit: limit, hasLines: true, mayBeBlank: true)
    }

    /// Why `text` breaks the rule, as a stable code and a sentence; `nil` when it keeps it.
    package func violation(in text: String) -> (code: String, detail: String)? {
        var count = 0
        for scalar in text.unicodeScalars {
            count += 1
            if count > limit { return ("too_long", "must have at most \(limit) characters") }
            guard isAllowed(scalar) else {
                return ("control_character", "must not hold the character U+\(Self.hex(scalar)) (at \(count - 1))")
            }
        }
        if !mayBeBlank, text.allSatisfy(\.isWhitespace) { return ("blank", "must not be empty") }
        return nil
    }

    /// Throws ``Rejection/invalid(_:)`` for the field at `pointer`.
    package func check(_ text: String, at pointer: String) throws(Rejection) {
        if let (code, detail) = violation(in: text) { throw .invalid(pointer, code, detail) }
    }

    private func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: hasLines
        case 0x00..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: false
        default: true
        }
    }

    private static func hex(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
