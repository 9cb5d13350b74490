import Foundation

/// A mail domain in the form that goes on the wire: lower-case ASCII labels, Unicode ones as `xn--` (RFC 5890).
///
/// Text is mapped by compatibility normalisation and lower-casing, then every label must hold letters, marks and digits
/// only; what this refuses beyond UTS 46 (joiners, emoji) is not found in mail domains.
struct DomainName: Hashable, Sendable {
    let text: String

    /// `nil` for a single label, a numeric top level (an IP address), an empty or overlong label, or a foreign
    /// character.
    init?(_ source: Substring) {
        let isASCII = source.utf8.allSatisfy { $0 < 0x80 }
        guard let text = isASCII ? Self.ascii(source.utf8) : Self.encoded(Self.mapped(String(source))) else {
            return nil
        }
        self.text = text
    }

    /// What nearly all domains are, in one pass: ledgers have an address in every row.
    private static func ascii(_ source: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count)
        var start = 0
        var labels = 0
        func isLabel() -> Bool {
            let label = bytes[start...]
            guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-")
            else {
                return false
            }
            // Hyphens in third and fourth place are reserved; only punycode may have them (RFC 5891 section 4.2.3.1).
            return !label.dropFirst(2).starts(with: "--".utf8) || label.starts(with: "xn--".utf8)
        }
        for byte in source {
            if byte == UInt8(ascii: ".") {
                guard isLabel() else { return nil }
                bytes.append(byte)
                start = bytes.count
                labels += 1
            } else {
                let lower = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
                guard isLetterDigitHyphen(lower) else { return nil }
                bytes.append(lower)
            }
        }
        guard isLabel(), labels >= 1, !bytes[start...].allSatisfy(Digits.isDigit), bytes.count <= 253 else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func encoded(_ mapped: String) -> String? {
        var labels = [String]()
        for part in mapped.split(separator: ".", omittingEmptySubsequences: false) {
            guard let label = Self.label(String(part)) else { return nil }
            labels.append(label)
        }
        guard labels.count >= 2, let top = labels.last, !top.utf8.allSatisfy(Digits.isDigit) else { return nil }
        let text = labels.joined(separator: ".")
        return text.utf8.count <= 253 ? text : nil
    }

    /// The ideographic full stop separates labels like a dot (RFC 3490 section 3.1); its wide forms normalise to one of
    /// the two.
    private static func mapped(_ source: String) -> String {
        source.precomposedStringWithCompatibilityMapping.lowercased().precomposedStringWithCompatibilityMapping
            .replacingOccurrences(of: "\u{3002}", with: ".")
    }

    private static func label(_ label: String) -> String? {
        let bytes = Array(label.utf8)
        guard let first = bytes.first, let last = bytes.last, first != UInt8(ascii: "-"), last != UInt8(ascii: "-")
        else {
            return nil
        }
        // Hyphens in third and fourth place are reserved; only punycode may have them (RFC 5891 section 4.2.3.1).
        let hasReservedHyphens = bytes.count >= 4 && bytes[2] == UInt8(ascii: "-") && bytes[3] == UInt8(ascii: "-")
        if bytes.allSatisfy({ $0 < 0x80 }) {
            guard bytes.count <= 63, bytes.allSatisfy(isLetterDigitHyphen) else { return nil }
            return hasReservedHyphens && !label.hasPrefix("xn--") ? nil : label
        }
        guard !hasReservedHyphens, isWritable(label.unicodeScalars),
            let encoded = Punycode.encode(label.unicodeScalars), encoded.utf8.count <= 59
        else { return nil }
        return "xn--" + encoded
    }

    private static func isLetterDigitHyphen(_ byte: UInt8) -> Bool {
        Digits.isDigit(byte) || byte == UInt8(ascii: "-") || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
    }

    private static func isWritable(_ scalars: String.UnicodeScalarView) -> Bool {
        for (index, scalar) in scalars.enumerated() {
            if scalar.isASCII {
                guard isLetterDigitHyphen(UInt8(scalar.value)) else { return false }
                continue
            }
            switch scalar.properties.generalCategory {
            case .lowercaseLetter, .otherLetter, .modifierLetter, .decimalNumber: break
            case .nonspacingMark, .spacingMark: guard index > 0 else { return false }
            default: return false
            }
        }
        return true
    }
}
