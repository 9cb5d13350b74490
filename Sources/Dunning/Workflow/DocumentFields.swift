/// The members of one map of a document, read one by one; gathers everything wrong with them, so that a writer repairs a
/// document in one go.
///
/// A member that is wrong reads as `nil` or a harmless stand-in; what was made of it is thrown away, because `finish()`
/// throws after the last read. It also refuses members that nobody asked for.
package struct DocumentFields {
    /// `nil` when it is no map: then that is all there is to say of it.
    private let members: [DocumentValue.Member]?
    package let pointer: String
    private var asked: Set<String> = []
    package private(set) var problems: [FieldProblem] = []

    package init(_ value: DocumentValue, at pointer: String = "") {
        self.pointer = pointer
        if case .map(let list) = value {
            members = list
            for (index, member) in list.enumerated() where list[..<index].contains(where: { $0.name == member.name }) {
                refuse(member.name, "duplicate_key", "must be given once")
            }
        } else {
            members = nil
            problems = [
                FieldProblem(pointer: pointer, code: "wrong_type", detail: "must be an object, not \(value.kind)")
            ]
        }
    }

    package var names: [String] { (members ?? []).map(\.name) }

    package func has(_ name: String) -> Bool { (members ?? []).contains { $0.name == name } }

    /// RFC 6901: where a member stands.
    package func pointer(to name: String) -> String {
        let escaped = name.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
        return pointer + "/" + escaped.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }

    package mutating func refuse(_ name: String, _ code: String, _ detail: String) {
        problems.append(FieldProblem(pointer: pointer(to: name), code: code, detail: detail))
    }

    package mutating func refuse(_ found: [FieldProblem]) { problems += found }

    /// A member that may be left out or null.
    package mutating func given(_ name: String) -> DocumentValue? {
        asked.insert(name)
        guard let value = members?.first(where: { $0.name == name })?.value, value != .null else { return nil }
        return value
    }

    /// A member that must be there; `nil` after it was refused as missing.
    package mutating func required(_ name: String) -> DocumentValue? {
        let value = given(name)
        if value == nil, members != nil { refuse(name, "missing", "must be given") }
        return value
    }

    package mutating func text(optional name: String) -> String? {
        given(name).flatMap { text($0, name) }
    }

    package mutating func text(_ name: String) -> String? {
        required(name).flatMap { text($0, name) }
    }

    package mutating func int(optional name: String, in range: ClosedRange<Int>) -> Int? {
        given(name).flatMap { int($0, name, in: range) }
    }

    package mutating func int(_ name: String, in range: ClosedRange<Int>) -> Int? {
        required(name).flatMap { int($0, name, in: range) }
    }

    package mutating func bool(optional name: String) -> Bool? {
        guard let value = given(name) else { return nil }
        if case .bool(let flag) = value { return flag }
        wrongType(name, value, expected: "true or false")
        return nil
    }

    /// One of a closed list of words.
    package mutating func word<T: RawRepresentable & CaseIterable>(
        optional name: String, _ type: T.Type
    ) -> T? where T.RawValue == String {
        guard let word = text(optional: name) else { return nil }
        if let value = T(rawValue: word) { return value }
        refuse(name, "unknown_value", "must be one of " + T.allCases.map(\.rawValue).joined(separator: ", "))
        return nil
    }

    /// The elements of a list with where they stand; empty when it is left out.
    package mutating func list(_ name: String, upTo limit: Int) -> [(value: DocumentValue, pointer: String)] {
        guard let value = given(name) else { return [] }
        guard case .list(let elements) = value else {
            wrongType(name, value, expected: "a list")
            return []
        }
        guard elements.count <= limit else {
            refuse(name, "too_many", "must hold at most \(limit) elements")
            return []
        }
        let base = pointer(to: name)
        return elements.enumerated().map { ($0.element, "\(base)/\($0.offset)") }
    }

    package mutating func wrongType(_ name: String, _ value: DocumentValue, expected: String) {
        refuse(name, "wrong_type", "must be \(expected), not \(value.kind)")
    }

    /// Everything wrong, members nobody asked for among it: for one who reads on after it.
    package mutating func finished() -> [FieldProblem] {
        for name in Set(names).subtracting(asked).sorted() {
            asked.insert(name)
            refuse(String(name.prefix(100)), "unknown_key", "is not a member of this object")
        }
        return problems
    }

    /// Throws ``Rejection/invalid(_:)`` when anything was wrong.
    package mutating func finish() throws(Rejection) {
        let problems = finished()
        if !problems.isEmpty { throw .invalid(problems) }
    }

    private mutating func text(_ value: DocumentValue, _ name: String) -> String? {
        if case .text(let text) = value { return text }
        wrongType(name, value, expected: "a string")
        return nil
    }

    private mutating func int(_ value: DocumentValue, _ name: String, in range: ClosedRange<Int>) -> Int? {
        guard case .int(let number) = value else {
            wrongType(name, value, expected: "a whole number")
            return nil
        }
        if range.contains(Int(number)) { return Int(number) }
        refuse(name, "out_of_range", "must be between \(range.lowerBound) and \(range.upperBound)")
        return nil
    }
}
