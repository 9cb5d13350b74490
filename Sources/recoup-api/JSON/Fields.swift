import Dunning
import Operations

/// The members of one JSON object, read one by one; gathers everything wrong with them, so that a caller repairs a
/// request in one go.
///
/// A member that is wrong reads as a harmless stand-in; what was made of it is thrown away, because `finish()` throws
/// after the last read. It also refuses members that nobody asked for.
struct Fields {
    private let object: JSONValue
    /// `nil` when it is no object: then that is all there is to say of it.
    private let members: [String: JSONValue]?
    let pointer: String
    private var asked: Set<String> = []
    private(set) var problems: [FieldProblem] = []

    init(_ value: JSONValue, at pointer: String = "") {
        object = value
        self.pointer = pointer
        if case .object(let list) = value {
            members = Dictionary(list.map { ($0.name, $0.value) }) { first, _ in first }
        } else {
            members = nil
            problems = [
                FieldProblem(pointer: pointer, code: "wrong_type", detail: "must be an object, not \(value.kind)")
            ]
        }
    }

    /// The whole object in its one spelling, to be compared with a later request.
    var canonical: String { object.canonical }

    /// Makes something of one object; throws with everything that is wrong with it.
    static func read<T>(_ value: JSONValue, _ read: (inout Fields) throws -> T) throws -> T {
        var fields = Fields(value)
        do {
            let value = try read(&fields)
            try fields.finish()
            return value
        } catch let rejection as Rejection {
            throw fields.completed(rejection)
        }
    }

    /// Throws ``Rejection/invalid(_:)`` when anything was wrong.
    mutating func finish() throws(Rejection) {
        refuseStrangers()
        if !problems.isEmpty { throw .invalid(problems) }
    }

    /// A refusal of the value that was made of this object, with what was wrong here before.
    ///
    /// The value may have been refused for a stand-in in it: then the field was blamed already.
    mutating func completed(_ rejection: Rejection) -> Rejection {
        guard case .invalid(let found) = rejection else { return rejection }
        refuseStrangers()
        let blamed = problems.map(\.pointer)
        return .invalid(
            problems
                + found.filter { problem in
                    !blamed.contains { problem.pointer == $0 || problem.pointer.hasPrefix($0 + "/") }
                })
    }

    /// Whether the member is there, be it null: how a change tells "leave it" from "make it none".
    func has(_ name: String) -> Bool { members?[name] != nil }

    mutating func refuse(_ name: String, _ code: String, _ detail: String) {
        problems.append(FieldProblem(pointer: Pointer.appending(name, to: pointer), code: code, detail: detail))
    }

    /// What something that reads a part of this object has found wrong with it.
    mutating func refuse(_ found: [FieldProblem]) { problems += found }

    /// The same for one element of an array.
    mutating func refuse(_ name: String, at index: Int, _ code: String, _ detail: String) {
        let place = "\(Pointer.appending(name, to: pointer))/\(index)"
        problems.append(FieldProblem(pointer: place, code: code, detail: detail))
    }

    /// A member that must be there; `nil` after it was refused as missing.
    mutating func required(_ name: String) -> JSONValue? {
        let value = given(name)
        if value == nil, members != nil { refuse(name, "missing", "must be given") }
        return value
    }

    /// A member that may be left out or null.
    mutating func given(_ name: String) -> JSONValue? {
        asked.insert(name)
        guard let value = members?[name], value != .null else { return nil }
        return value
    }

    mutating func wrongType(_ name: String, _ value: JSONValue, expected: String) {
        refuse(name, "wrong_type", "must be \(expected), not \(value.kind)")
    }

    /// An object within this one.
    mutating func object<T>(_ name: String, _ read: (inout Fields) -> T) -> T {
        let value = required(name) ?? .object([])
        return nested(value, name, isThere: has(name), read)
    }

    /// An object within this one that may be left out.
    mutating func object<T>(optional name: String, _ read: (inout Fields) -> T) -> T? {
        guard let value = given(name) else { return nil }
        return nested(value, name, isThere: true, read)
    }

    /// An array of objects; one that is left out is empty, where `isOptional` says so.
    mutating func objects<T>(
        _ name: String, upTo limit: Int, isOptional: Bool = false, _ read: (inout Fields) -> T
    ) -> [T] {
        guard let value = isOptional ? given(name) : required(name) else { return [] }
        guard case .array(let elements) = value else {
            wrongType(name, value, expected: "an array")
            return []
        }
        guard elements.count <= limit else {
            refuse(name, "too_many", "must hold at most \(limit) elements")
            return []
        }
        let base = Pointer.appending(name, to: pointer)
        return elements.enumerated().map { index, element in
            var fields = Fields(element, at: "\(base)/\(index)")
            let value = read(&fields)
            fields.refuseStrangers()
            problems += fields.problems
            return value
        }
    }

    /// An array of objects that are judged one by one: what is wrong with one is no problem of the others.
    mutating func apart<T>(
        _ name: String, upTo limit: Int, _ read: (inout Fields) -> T
    ) -> [Result<T, Rejection>] {
        guard let value = required(name) else { return [] }
        guard case .array(let elements) = value else {
            wrongType(name, value, expected: "an array")
            return []
        }
        guard elements.count <= limit else {
            refuse(name, "too_many", "must hold at most \(limit) elements")
            return []
        }
        let base = Pointer.appending(name, to: pointer)
        return elements.enumerated().map { index, element in
            var fields = Fields(element, at: "\(base)/\(index)")
            let value = read(&fields)
            fields.refuseStrangers()
            return fields.problems.isEmpty ? .success(value) : .failure(.invalid(fields.problems))
        }
    }

    private mutating func nested<T>(
        _ value: JSONValue, _ name: String, isThere: Bool, _ read: (inout Fields) -> T
    ) -> T {
        var fields = Fields(value, at: Pointer.appending(name, to: pointer))
        let result = read(&fields)
        fields.refuseStrangers()
        // What is missing as a whole is not told again member by member.
        if isThere { problems += fields.problems }
        return result
    }

    private mutating func refuseStrangers() {
        for name in (members ?? [:]).keys.filter({ !asked.contains($0) }).sorted() {
            asked.insert(name)
            refuse(String(name.prefix(100)), "unknown_key", "is not a member of this object")
        }
    }
}
