import Dunning
import Operations

/// Reading of single values. Each kind has a required form and, where a field may be left out or null, an optional one.
extension Fields {
    /// A text of one line.
    mutating func line(_ name: String, upTo limit: Int) -> String {
        required(name).map { text($0, name, .line(upTo: limit)) } ?? ""
    }

    mutating func line(optional name: String, upTo limit: Int) -> String? {
        given(name).map { text($0, name, .line(upTo: limit)) }
    }

    /// A text that may have several lines, and may be empty.
    mutating func lines(_ name: String, upTo limit: Int) -> String {
        required(name).map { text($0, name, .lines(upTo: limit)) } ?? ""
    }

    mutating func lines(optional name: String, upTo limit: Int) -> String? {
        given(name).map { text($0, name, .lines(upTo: limit)) }
    }

    /// The source of a template: checked by the lint, which names the place; here only for its size.
    mutating func source(_ name: String) -> String {
        guard let value = required(name) else { return "" }
        return source(value, name)
    }

    mutating func source(optional name: String) -> String? {
        given(name).map { source($0, name) }
    }

    /// An object that something else reads, as the text of its JSON.
    mutating func json(_ name: String) -> String {
        guard let value = required(name) else { return "" }
        guard case .object = value else {
            wrongType(name, value, expected: "an object")
            return ""
        }
        return value.canonical
    }

    mutating func json(optional name: String) -> String? {
        given(name) == nil ? nil : json(name)
    }

    private mutating func source(_ value: JSONValue, _ name: String) -> String {
        guard case .string(let source) = value else {
            wrongType(name, value, expected: "a string")
            return ""
        }
        if source.utf8.count > CompiledTemplate.Limit.source {
            refuse(name, "too_long", "must have at most \(CompiledTemplate.Limit.source) bytes")
            return ""
        }
        return source
    }

    mutating func id<Kind>(_ name: String, _ kind: Kind.Type = Kind.self) -> ID<Kind> {
        required(name).flatMap { id($0, name) } ?? .make(at: Instant(microseconds: 0))
    }

    mutating func id<Kind>(optional name: String, _ kind: Kind.Type = Kind.self) -> ID<Kind>? {
        given(name).flatMap { id($0, name) }
    }

    /// An array of identifiers.
    mutating func ids<Kind>(_ name: String, upTo limit: Int, _ kind: Kind.Type = Kind.self) -> [ID<Kind>] {
        guard let value = required(name) else { return [] }
        guard case .array(let elements) = value else {
            wrongType(name, value, expected: "an array")
            return []
        }
        guard elements.count <= limit else {
            refuse(name, "too_many", "must hold at most \(limit) elements")
            return []
        }
        return elements.enumerated().compactMap { index, element in
            guard case .string(let text) = element, let id = ID<Kind>(text) else {
                refuse(
                    name, at: index, "bad_id",
                    "must be an identifier such as \(Kind.idPrefix)_ and 26 letters and digits")
                return nil
            }
            return id
        }
    }

    /// The elements of an array as they are.
    mutating func values(_ name: String, upTo limit: Int) -> [JSONValue] {
        guard let value = required(name) else { return [] }
        guard case .array(let elements) = value else {
            wrongType(name, value, expected: "an array")
            return []
        }
        guard elements.count <= limit else {
            refuse(name, "too_many", "must hold at most \(limit) elements")
            return []
        }
        return elements
    }

    mutating func bool(_ name: String) -> Bool {
        required(name).map { bool($0, name) } ?? false
    }

    mutating func bool(optional name: String) -> Bool? {
        given(name).map { bool($0, name) }
    }

    mutating func int(_ name: String, in range: ClosedRange<Int>) -> Int {
        required(name).map { int($0, name, in: range) } ?? range.lowerBound
    }

    mutating func int(optional name: String, in range: ClosedRange<Int>) -> Int? {
        given(name).map { int($0, name, in: range) }
    }

    /// One word of a closed list. The first of the list is the stand-in.
    mutating func choice<Word: RawRepresentable<String> & CaseIterable>(_ name: String, of type: Word.Type = Word.self)
        -> Word
    {
        required(name).flatMap { choice($0, name) } ?? Self.any(of: type)
    }

    mutating func choice<Word: RawRepresentable<String> & CaseIterable>(
        optional name: String, of type: Word.Type = Word.self
    ) -> Word? {
        given(name).flatMap { choice($0, name) }
    }

    /// An array of words of a closed list, at most one of each.
    mutating func choices<Word: RawRepresentable<String> & CaseIterable>(_ name: String, of type: Word.Type) -> [Word] {
        guard let value = required(name) else { return [] }
        guard case .array(let elements) = value else {
            wrongType(name, value, expected: "an array")
            return []
        }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        guard elements.count <= Word.allCases.count else {
            refuse(name, "too_many", "must hold each of these at most once: \(words)")
            return []
        }
        return elements.enumerated().compactMap { index, element in
            guard case .string(let text) = element, let word = Word(rawValue: text) else {
                refuse(name, at: index, "not_in_list", "must be one of: \(words)")
                return nil
            }
            return word
        }
    }

    /// A text that `parse` understands.
    mutating func value<T>(_ name: String, standIn: T, _ code: String, _ detail: String, _ parse: (String) -> T?) -> T {
        required(name).flatMap { parsed($0, name, code, detail, parse) } ?? standIn
    }

    mutating func value<T>(optional name: String, _ code: String, _ detail: String, _ parse: (String) -> T?) -> T? {
        given(name).flatMap { parsed($0, name, code, detail, parse) }
    }

    /// Nothing, or what `read` makes of the member that is there.
    mutating func change<T>(_ name: String, _ read: (inout Fields, String) -> T) -> Change<T> {
        has(name) ? .to(read(&self, name)) : .keep
    }
}

extension Fields {
    private mutating func text(_ value: JSONValue, _ name: String, _ rule: TextRule) -> String {
        guard case .string(let text) = value else {
            wrongType(name, value, expected: "a string")
            return ""
        }
        if let (code, detail) = rule.violation(in: text) { refuse(name, code, detail) }
        return text
    }

    private mutating func parsed<T>(
        _ value: JSONValue, _ name: String, _ code: String, _ detail: String, _ parse: (String) -> T?
    ) -> T? {
        guard case .string(let text) = value else {
            wrongType(name, value, expected: "a string")
            return nil
        }
        guard let result = parse(text) else {
            refuse(name, code, detail)
            return nil
        }
        return result
    }

    private mutating func id<Kind>(_ value: JSONValue, _ name: String) -> ID<Kind>? {
        parsed(value, name, "bad_id", "must be an identifier such as \(Kind.idPrefix)_ and 26 letters and digits") {
            ID<Kind>($0)
        }
    }

    private mutating func bool(_ value: JSONValue, _ name: String) -> Bool {
        guard case .bool(let value) = value else {
            wrongType(name, value, expected: "true or false")
            return false
        }
        return value
    }

    private mutating func int(_ value: JSONValue, _ name: String, in range: ClosedRange<Int>) -> Int {
        guard case .number(let digits) = value, let number = Int(digits) else {
            if case .number = value {
                refuse(name, "out_of_range", "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            } else {
                wrongType(name, value, expected: "a whole number")
            }
            return range.lowerBound
        }
        guard range.contains(number) else {
            refuse(name, "out_of_range", "must be from \(range.lowerBound) to \(range.upperBound)")
            return range.lowerBound
        }
        return number
    }

    private mutating func choice<Word: RawRepresentable<String> & CaseIterable>(
        _ value: JSONValue, _ name: String
    ) -> Word? {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return parsed(value, name, "not_in_list", "must be one of: \(words)") { Word(rawValue: $0) }
    }

    private static func any<Word: CaseIterable>(of type: Word.Type) -> Word {
        guard let first = type.allCases.first else { preconditionFailure("a closed list of words has words") }
        return first
    }
}
