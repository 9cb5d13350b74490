/// The bytes of one part while it is being written, with the part's escaping and the caps on size and work.
///
/// Literals come from the template and are copied; values come from customers' data and are cleaned: controls become
/// blanks, marks that turn the direction of text round are dropped, and in html the five special characters are escaped
/// (OWASP's rule for text and quoted attributes).
struct RenderOutput {
    enum Escaping {
        case none, html
    }

    private(set) var bytes = [UInt8]()
    /// Pieces looked at so far: a list of thousands times a template of thousands is bounded before it is big.
    private var work = 0
    private let escaping: Escaping

    /// Bytes of one part.
    static let limit = 262_144
    static let workLimit = 200_000

    init(_ escaping: Escaping) {
        self.escaping = escaping
    }

    mutating func append(literal: [UInt8]) throws(RenderError) {
        bytes.append(contentsOf: literal)
        guard bytes.count <= Self.limit else { throw .outputTooLarge }
    }

    /// Writes a value or a brand text; line breaks are kept only if the value may have them, in html as `<br>`.
    mutating func append(value: some Collection<UInt8>, hasLines: Bool) throws(RenderError) {
        var source = value.makeIterator()
        // The last two bytes of a cleaned sequence are judged together with the first.
        while let byte = source.next() {
            switch byte {
            case UInt8(ascii: "\n") where hasLines: append(escaping == .html ? "<br>\n" : "\n")
            case 0x00..<0x20, 0x7F: bytes.append(UInt8(ascii: " "))
            case 0xC2:
                // U+0080 to U+009F: more controls, among them a line break.
                guard let second = source.next() else { break }
                if second < 0xA0 { bytes.append(UInt8(ascii: " ")) } else { bytes += [byte, second] }
            case 0xE2:
                guard let second = source.next(), let third = source.next() else { break }
                switch (second, third) {
                case (0x80, 0xA8...0xA9): bytes.append(UInt8(ascii: " "))  // line and paragraph separator
                case (0x80, 0xAA...0xAE), (0x81, 0xA6...0xA9): break  // embeddings, overrides, isolates
                default: bytes += [byte, second, third]
                }
            case UInt8(ascii: "&") where escaping == .html: append("&amp;")
            case UInt8(ascii: "<") where escaping == .html: append("&lt;")
            case UInt8(ascii: ">") where escaping == .html: append("&gt;")
            case UInt8(ascii: "\"") where escaping == .html: append("&quot;")
            case UInt8(ascii: "'") where escaping == .html: append("&#39;")
            default: bytes.append(byte)
            }
            guard bytes.count <= Self.limit else { throw .outputTooLarge }
        }
    }

    /// Counts one piece, written or not.
    mutating func count() throws(RenderError) {
        work += 1
        guard work <= Self.workLimit else { throw .tooMuchWork }
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }
}
