/// A one-dimensional array as PostgreSQL spells it: `{1,2}`, `{"a b","say \"no\""}`.
struct ArrayLiteral: Equatable {
    var elements: [String]

    init(_ elements: [String]) { self.elements = elements }

    /// Throws ``PostgresError`` of kind `decoding` for arrays of arrays and for NULL elements, which no query of ours
    /// has.
    init(parsing text: String) throws(PostgresError) {
        var reader = Reader(rest: Substring(text).utf8)
        elements = try reader.elements()
    }

    var text: String {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for element in elements {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            if Self.isPlain(element) {
                bytes.append(contentsOf: element.utf8)
            } else {
                Self.quote(element, onto: &bytes)
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Only what can be mistaken for nothing else stays unquoted: a bare `null` would become NULL, bare blanks would
    /// vanish.
    private static func isPlain(_ element: String) -> Bool {
        guard !element.isEmpty, element.utf8.count != 4 || element.lowercased() != "null" else { return false }
        return element.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
                UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    private static func quote(_ element: String, onto bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in element.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension ArrayLiteral {
    private struct Reader {
        var rest: Substring.UTF8View

        mutating func elements() throws(PostgresError) -> [String] {
            skipBounds()
            guard rest.popFirst() == UInt8(ascii: "{") else { throw .undecodable("array") }
            var elements: [String] = []
            if rest.first == UInt8(ascii: "}") {
                rest.removeFirst()
            } else {
                var isMore = true
                while isMore {
                    elements.append(rest.first == UInt8(ascii: "\"") ? try quoted() : try plain())
                    switch rest.popFirst() {
                    case UInt8(ascii: ","): continue
                    case UInt8(ascii: "}"): isMore = false
                    default: throw .undecodable("array")
                    }
                }
            }
            guard rest.isEmpty else { throw .undecodable("array") }
            return elements
        }

        /// An array that does not start at 1 is written `[0:1]={a,b}`; the bounds mean nothing to us.
        private mutating func skipBounds() {
            guard rest.first == UInt8(ascii: "["), let equals = rest.firstIndex(of: UInt8(ascii: "=")) else { return }
            rest = rest[rest.index(after: equals)...]
        }

        private mutating func quoted() throws(PostgresError) -> String {
            rest.removeFirst()
            var bytes: [UInt8] = []
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
                case UInt8(ascii: "\\"):
                    guard let escaped = rest.popFirst() else { throw .undecodable("array") }
                    bytes.append(escaped)
                default: bytes.append(byte)
                }
            }
            throw .undecodable("array")
        }

        private mutating func plain() throws(PostgresError) -> String {
            let end = rest.firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") } ?? rest.endIndex
            let text = String(Substring(rest[..<end]))
            rest = rest[end...]
            guard !text.isEmpty, !text.contains("{") else { throw .undecodable("array of one dimension") }
            guard text != "NULL" else { throw .undecodable("array without NULL") }
            return text
        }
    }
}

extension Array: PostgresValue where Element: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        var values: [Element] = []
        for element in try ArrayLiteral(parsing: postgresText).elements {
            values.append(try Element(postgresText: element))
        }
        self = values
    }

    package var postgresText: String { ArrayLiteral(map(\.postgresText)).text }
}
