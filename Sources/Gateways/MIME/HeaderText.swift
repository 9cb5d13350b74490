/// The checks and the folding that every header goes through.
enum HeaderText {
    /// What could end a header line, be read as one, or hide in it: C0, DEL, C1 and Unicode's own line breaks.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    static func checked(_ text: String, header: String, limit: Int) throws(MIMEError) -> String {
        guard !text.unicodeScalars.contains(where: isControl) else { throw .control(header) }
        guard text.utf8.count <= limit else { throw .tooLong(header) }
        return text
    }

    /// The words of free text: as they are when ASCII, single blanks and short words allow it, else encoded.
    static func words(_ text: String, for header: String) -> [String] {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
        return isPlain && words.allSatisfy { (1...60).contains($0.utf8.count) } ? words : encoded(text, for: header)
    }

    static func encoded(_ text: String, for header: String) -> [String] {
        EncodedWord.words(text, firstIn: encodedLimit - header.utf8.count - 2)
    }

    /// RFC 2047 section 2 for a line that holds an encoded word; RFC 5322 section 2.1.1 for any other.
    private static let encodedLimit = 76
    private static let plainLimit = 78

    /// One header as lines of at most 78 columns where the words allow it, broken before a word but never the first.
    static func line(_ name: String, _ words: [String]) -> String {
        var line = "\(name):"
        var column = line.utf8.count
        for (index, word) in words.enumerated() {
            let width = word.utf8.count
            let limit = word.hasPrefix("=?") ? encodedLimit : plainLimit
            if column + 1 + width > limit, index > 0 {
                line += "\r\n"
                column = 0
            }
            line += " " + word
            column += 1 + width
        }
        return line + "\r\n"
    }
}
