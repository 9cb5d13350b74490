import Dunning

/// Why a part is refused, before its line is known.
struct Flaw: Error {
    let field: String
    let code: String
    let message: String

    init(field: String, code: String, _ message: String) {
        self.field = field
        self.code = code
        self.message = message
    }
}

extension RowParser {
    /// Where a target's text stands in a record.
    enum Binding {
        case column(Int)
        case constant(String)
        case pattern([Piece])
        enum Piece { case text(String), column(Int) }
    }

    /// The texts of one record by target: trimmed, free of control characters, empty as `nil`.
    struct Texts {
        let parser: RowParser
        let fields: [String]

        func required(_ target: ImportMapping.Target, upTo limit: Int) throws(Flaw) -> String {
            guard let text = try optional(target, upTo: limit) else { throw flaw(target, "required", "is empty") }
            return text
        }

        func optional(_ target: ImportMapping.Target, upTo limit: Int) throws(Flaw) -> String? {
            let text = raw(target)
            guard !text.isEmpty else { return nil }
            if let (code, sentence) = TextRule.line(upTo: limit).violation(in: text) {
                throw flaw(target, code, sentence)
            }
            return text
        }

        /// Names target, column and value, the last cut short.
        func flaw(_ target: ImportMapping.Target, _ code: String, _ sentence: String) -> Flaw {
            let text = raw(target)
            let shown = String(text.unicodeScalars.prefix(40).map { $0.isControl ? " " : Character($0) })
            let place: String
            switch parser.mapping.sources[target] {
            case .column(let name): place = "\(target.rawValue) (column \(name))"
            default: place = target.rawValue
            }
            let value = text.isEmpty ? "" : " \"\(shown)\(shown.count < text.count ? "…" : "")\""
            return Flaw(field: target.rawValue, code: code, "\(place)\(value) \(sentence)")
        }

        private func raw(_ target: ImportMapping.Target) -> String {
            switch parser.bindings[target] {
            case nil: return ""
            case .constant(let text): return text.trimmed
            case .column(let index): return fields[index].trimmed
            case .pattern(let pieces):
                var text = ""
                for piece in pieces {
                    switch piece {
                    case .text(let part): text += part
                    case .column(let index):
                        let part = fields[index].trimmed
                        if part.isEmpty { return "" }
                        text += part
                    }
                }
                return text.trimmed
            }
        }
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
