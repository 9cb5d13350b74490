/// A header value with parameters, as in `text/plain; charset=utf-8` (RFC 2045, 5.1; RFC 2231).
struct FieldValue: Sendable, Equatable {
    /// The part before the first semicolon, lower case.
    let name: String
    private var parameters: [String: String] = [:]

    init(_ text: String) {
        let pieces = Self.split(text)
        name = pieces[0].trimmed.lowercased()
        for piece in pieces.dropFirst() {
            guard let equals = piece.firstIndex(of: "=") else { continue }
            let key = piece[..<equals].trimmed.lowercased()
            let value = Self.unquoted(piece[piece.index(after: equals)...].trimmed)
            if parameters[key] == nil { parameters[key] = value }
        }
    }

    /// The value of a parameter: `name*` (encoded), `name`, or `name*0`, `name*1` … put together.
    subscript(key: String) -> String? {
        if let encoded = parameters[key + "*"] { return Self.percentDecoded(encoded) }
        if let plain = parameters[key] { return EncodedWord.decode(plain) }
        var whole = ""
        var isEncoded = false
        for number in 0..<100 {
            if let piece = parameters["\(key)*\(number)*"] {
                whole += piece
                isEncoded = true
            } else if let piece = parameters["\(key)*\(number)"] {
                whole += piece
            } else {
                break
            }
        }
        if whole.isEmpty { return nil }
        return isEncoded ? Self.percentDecoded(whole) : whole
    }

    /// Splits at semicolons that stand outside of quotes.
    private static func split(_ text: String) -> [String] {
        var pieces = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == ";", !isQuoted {
                pieces.append("")
                continue
            }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = isQuoted && character == "\\" && !isEscaped
            pieces[pieces.count - 1].append(character)
        }
        return pieces
    }

    static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        var out = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                out.append(character)
                isEscaped = false
            }
        }
        return out
    }

    /// `charset'language'text%20with%20escapes`
    private static func percentDecoded(_ text: String) -> String {
        let pieces = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3 else { return text }
        var bytes: [UInt8] = []
        var rest = pieces[2].utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return Charset.text(bytes, label: String(pieces[0]))
    }
}
