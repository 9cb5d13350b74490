import Dunning
import Files

/// Why a part is refused, before its line is known.
struct Flaw: Error {
    let field: String
    let column: String?
    let code: String
    let message: String
}

/// Where a target's text stands in a record.
enum Binding {
    case unmapped
    case column(Int)
    case constant([UInt8])
    case pattern([Piece])
    enum Piece { case text([UInt8]), column(Int) }

    /// Whether the record itself has a say in it.
    var isOfRecord: Bool {
        switch self {
        case .unmapped, .constant: false
        case .column, .pattern: true
        }
    }
}

/// The texts of one record by target: trimmed, free of control characters, empty as `nil`.
struct RowTexts {
    let record: Record
    let bindings: [Binding]
    let columns: [String]

    /// The bytes of a target, trimmed; empty where it has none.
    func bytes(_ target: ImportTarget) -> ArraySlice<UInt8> {
        switch bindings[target.rawValue] {
        case .unmapped: return []
        case .constant(let text): return text[...]
        case .column(let index): return record[index].trimmed
        case .pattern(let pieces):
            var text: [UInt8] = []
            for piece in pieces {
                switch piece {
                case .text(let part): text += part
                case .column(let index):
                    let part = record[index].trimmed
                    if part.isEmpty { return [] }
                    text += part
                }
            }
            return text[...].trimmed
        }
    }

    func required(_ target: ImportTarget, upTo limit: Int) throws(Flaw) -> String {
        guard let text = try optional(target, upTo: limit) else { throw flaw(target, "required", "is empty") }
        return text
    }

    func optional(_ target: ImportTarget, upTo limit: Int) throws(Flaw) -> String? {
        let bytes = bytes(target)
        guard !bytes.isEmpty else { return nil }
        try checkScalar(target)
        let text = String(decoding: bytes, as: UTF8.self)
        // What most texts are: printable ASCII, about which there is nothing more to ask.
        let isPlain = bytes.count <= limit && bytes.allSatisfy { $0 &- 0x20 < 0x5F }
        if !isPlain, let (code, sentence) = TextRule.line(upTo: limit).violation(in: text) {
            throw flaw(target, code, sentence)
        }
        return text
    }

    /// One of the words allowed, whatever its case.
    func choice(_ target: ImportTarget, _ words: [String]) throws(Flaw) -> String? {
        guard let text = try optional(target, upTo: 40)?.lowercased() else { return nil }
        guard words.contains(text) else {
            throw flaw(target, "unknown_value", "is none of \(words.joined(separator: ", "))")
        }
        return text
    }

    /// An array or object where the mapping has a value is a mapping that does not fit.
    func checkScalar(_ target: ImportTarget) throws(Flaw) {
        guard case .column(let index) = bindings[target.rawValue], record.kind(index) == .json else { return }
        throw flaw(target, "wrong_type", "is an array or object where one value was expected")
    }

    /// Names target and column; shows what stands there only where it can be no personal data.
    func flaw(_ target: ImportTarget, _ code: String, _ sentence: String) -> Flaw {
        var column: String?
        if case .column(let index) = bindings[target.rawValue] { column = columns[index] }
        let place = column.map { $0 == target.name ? $0 : "\(target.name) (column \($0))" } ?? target.name
        let text = bytes(target)
        let value = text.isEmpty || !target.isShown ? "" : " \"\(Self.excerpt(text))\""
        return Flaw(field: target.name, column: column, code: code, message: "\(place)\(value) \(sentence)")
    }

    /// At most 20 characters of printable ASCII, others as a dot; where an `@` is, nothing: it may be an address in the
    /// wrong column.
    private static func excerpt(_ text: ArraySlice<UInt8>) -> String {
        guard !text.contains(UInt8(ascii: "@")) else { return "…" }
        let shown = text.prefix(20).map { $0 &- 0x20 < 0x5F && $0 != UInt8(ascii: "\"") ? $0 : UInt8(ascii: ".") }
        return String(decoding: shown, as: UTF8.self) + (text.count > 20 ? "…" : "")
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else {
            return ""
        }
        return String(self[first...last])
    }
}
