/// `=?charset?B?…?=` and `=?charset?Q?…?=` in header values (RFC 2047).
enum EncodedWord {
    /// Text with every encoded word decoded; blanks between two of them vanish, what is malformed stays as it is.
    static func decode(_ text: String) -> String {
        var out = ""
        var rest = text[...]
        var followsWord = false
        while let open = rest.firstRange(of: "=?") {
            let before = rest[..<open.lowerBound]
            if let (word, after) = word(rest[open.upperBound...]) {
                if !(followsWord && before.allSatisfy(\.isWhitespace)) { out += before }
                out += word
                rest = after
                followsWord = true
            } else {
                out += rest[..<open.upperBound]
                rest = rest[open.upperBound...]
                followsWord = false
            }
        }
        return out + rest
    }

    /// Reads `charset?B?…?=`; returns the decoded text and what follows.
    private static func word(_ text: Substring) -> (String, Substring)? {
        let pieces = text.split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
        guard pieces.count == 4, pieces[3].first == "=", !pieces[2].contains(" ") else { return nil }
        let charset = pieces[0].prefix { $0 != "*" }
        let bytes: [UInt8]
        switch pieces[1] {
        case "B", "b":
            bytes = TransferEncoding.base64(pieces[2].utf8)
        case "Q", "q":
            let spaced = pieces[2].utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }
            bytes = TransferEncoding.escapes(in: spaced)
        default:
            return nil
        }
        return (Charset.text(bytes, label: String(charset)), pieces[3].dropFirst())
    }
}
