/// Text outside ASCII in a header (RFC 2047).
enum EncodedWord {
    /// RFC 2047 section 2: a word has at most 75 characters, 12 of them `=?UTF-8?B?` and `?=`.
    private static let longest = 75

    /// The text as one or more words that join again without a gap; no character is split between two.
    ///
    /// - Parameter room: the columns left for the first word. Readers exist that show a blank where a header starts
    ///   with a fold, so the first word is shortened to stay on the line of the name.
    static func words(_ text: String, firstIn room: Int = longest) -> [String] {
        var words: [String] = []
        var bytes: [UInt8] = []
        var limit = capacity(min(room, longest))
        for scalar in text.unicodeScalars {
            let next = UTF8.encode(scalar).map(Array.init) ?? []
            if bytes.count + next.count > limit {
                words.append(word(bytes))
                bytes = []
                limit = capacity(longest)
            }
            bytes += next
        }
        if !bytes.isEmpty { words.append(word(bytes)) }
        return words
    }

    /// How many bytes fit: three to every four characters of base64.
    private static func capacity(_ columns: Int) -> Int {
        max(4, (columns - 12) / 4 * 3)
    }

    private static func word(_ bytes: [UInt8]) -> String {
        "=?UTF-8?B?\(base64(bytes))?="
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func base64(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? Int(group[start + $1]) : 0) }
            for place in 0...3 {
                text.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 0x3F] : 0x3D)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
