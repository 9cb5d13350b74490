/// The query of `GET /journal`, checked: a misspelt filter that silently matches everything makes a test lie.
struct JournalQuery: Sendable {
    var since = 0
    var limit = Int.max
    var filter = MailFilter()
    var detail = JournalEntry.Detail.full
    /// One JSON object per line instead of one array.
    var asLines = false

    /// - Throws: ``Problem`` naming the parameter.
    init(reading parameters: some Sequence<(key: Substring, value: Substring)>) throws(Problem) {
        for (name, value) in parameters {
            switch name {
            case "since": since = try Self.number(name, value)
            case "limit": limit = try Self.number(name, value)
            case "state": filter.outcome = try Self.word(Fate.Outcome.self, name, value)
            case "to":
                guard let pattern = RecipientPattern(String(value)) else {
                    throw .badRequest("must be an address, *@domain or *", field: "to")
                }
                filter.recipient = pattern
            case "brief": detail = try Self.word(Answer.self, name, value) == .true ? .brief : .full
            case "format": asLines = try Self.word(Format.self, name, value) == .lines
            default: throw .badRequest("is not a parameter", field: String(name))
            }
        }
    }

    private enum Answer: String, CaseIterable { case `true`, `false` }
    private enum Format: String, CaseIterable { case array, lines }

    private static func number(_ name: Substring, _ value: Substring) throws(Problem) -> Int {
        guard let number = Int(value), number >= 0 else {
            throw .badRequest("must be a whole number from 0", field: String(name))
        }
        return number
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _: Word.Type, _ name: Substring, _ value: Substring
    ) throws(Problem) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: String(value)) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badRequest("must be one of \(known)", field: String(name))
        }
        return word
    }
}
