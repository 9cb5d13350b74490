/// The header of a mail or of one of its parts: fields in order, folding undone (RFC 5322, 2.2).
struct HeaderBlock: Sendable {
    struct Field: Sendable, Equatable {
        let name: String
        /// Unfolded and trimmed; encoded words are left as they were sent.
        let value: String
    }

    let fields: [Field]
    /// Where the body starts.
    let bodyStart: Int

    init(parsing bytes: ArraySlice<UInt8>) {
        var found: [Field] = []
        var pending: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var end = index
            while end < bytes.endIndex, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            var line = bytes[index..<end]
            index = min(end + 1, bytes.endIndex)
            if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
            if line.isEmpty { break }
            if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
                pending.append(contentsOf: line)
            } else {
                Self.keep(pending, in: &found)
                pending = Array(line)
            }
        }
        Self.keep(pending, in: &found)
        fields = found
        bodyStart = index
    }

    /// A line without a colon is no field; it is passed over, as mail readers do.
    private static func keep(_ line: [UInt8], in fields: inout [Field]) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return }
        let name = Charset.text(line[..<colon]).trimmed
        let value = Charset.text(line[(colon + 1)...]).trimmed
        fields.append(Field(name: name, value: value))
    }

    /// The first field of this name, or `nil`.
    subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }

    /// The first field of this name with its encoded words decoded.
    func decoded(_ name: String) -> String? {
        self[name].map(EncodedWord.decode)
    }
}

extension StringProtocol {
    /// Without blanks at either end.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
