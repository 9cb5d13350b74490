/// The first person of an address field, as in `"Anna Smith" <anna@shop.example>, …`.
struct Person: Sendable, Equatable {
    /// `nil` when only an address is given.
    let name: String?
    let address: String

    init(parsing field: String) {
        guard let open = Self.bracket(in: field), let close = field[open...].firstIndex(of: ">") else {
            name = nil
            address = (field.split(separator: ",").first ?? "").trimmed
            return
        }
        let words = EncodedWord.decode(FieldValue.unquoted(field[..<open].trimmed)).trimmed
        name = words.isEmpty ? nil : words
        address = field[field.index(after: open)..<close].trimmed
    }

    /// The first `<` outside of quotes: a quoted name may hold one too.
    private static func bracket(in field: String) -> String.Index? {
        var isQuoted = false
        var isEscaped = false
        return field.indices.first { index in
            if field[index] == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = field[index] == "\\" && !isEscaped
            return field[index] == "<" && !isQuoted
        }
    }

    /// How a list names the person.
    var display: String { name ?? address }

    /// One or two letters for a badge.
    var initials: String {
        let words = display.prefix { $0 != "@" }.split { !$0.isLetter && !$0.isNumber }
        let letters = words.prefix(2).compactMap(\.first).map { $0.uppercased() }.joined()
        return letters.isEmpty ? "?" : letters
    }
}
