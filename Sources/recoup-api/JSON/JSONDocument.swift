import Dunning
import Operations

/// Documents are read as they are, whatever reads them: conditions, workflows, attributes.
extension Fields {
    /// An object that something else makes sense of; numbers in it are whole.
    mutating func document(_ name: String) -> DocumentValue {
        guard let value = required(name) else { return .null }
        return document(value, name)
    }

    mutating func document(optional name: String) -> DocumentValue? {
        given(name).map { document($0, name) }
    }

    private mutating func document(_ value: JSONValue, _ name: String) -> DocumentValue {
        do throws(JSONError) {
            return try value.document(at: Pointer.appending(name, to: pointer))
        } catch {
            refuse([FieldProblem(pointer: error.pointer, code: "not_whole", detail: error.detail)])
            return .null
        }
    }

    /// A condition in its written form; a stand-in after it was refused.
    mutating func condition(_ name: String) -> Condition {
        condition(document(name), name)
    }

    mutating func condition(optional name: String) -> Condition? {
        document(optional: name).map { condition($0, name) }
    }

    private mutating func condition(_ document: DocumentValue, _ name: String) -> Condition {
        let standIn = Condition.all([])
        // What is missing or no document was refused already.
        guard document != .null else { return standIn }
        do throws(Rejection) {
            return try Condition(document, at: Pointer.appending(name, to: pointer))
        } catch {
            if case .invalid(let problems) = error { refuse(problems) }
            return standIn
        }
    }

    /// A customer's own values by name; null takes one away.
    mutating func attributes(optional name: String) -> [String: AttributeValue?] {
        guard let value = document(optional: name) else { return [:] }
        guard case .map(let members) = value else {
            if value != .null { refuse(name, "wrong_type", "must be an object, not \(value.kind)") }
            return [:]
        }
        var found: [String: AttributeValue?] = [:]
        for member in members {
            if member.value == .null {
                found[member.name] = AttributeValue?.none
            } else if let single = AttributeValue(member.value) {
                found[member.name] = single
            } else {
                let place = Pointer.appending(member.name, to: Pointer.appending(name, to: pointer))
                refuse([
                    FieldProblem(
                        pointer: place, code: "wrong_type",
                        detail: "must be a string, a whole number, a boolean or null, not \(member.value.kind)")
                ])
            }
        }
        return found
    }
}

extension JSONValue {
    /// Throws for a number with decimals, at its place.
    func document(at pointer: String) throws(JSONError) -> DocumentValue {
        switch self {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .string(let text): return .text(text)
        case .number(let digits):
            guard let number = Int64(digits) else {
                throw JSONError(
                    code: .malformed, pointer: pointer,
                    detail: "must be a whole number; an amount is written as text, such as \"500.00\"")
            }
            return .int(number)
        case .array(let elements):
            var list: [DocumentValue] = []
            for (index, element) in elements.enumerated() {
                list.append(try element.document(at: "\(pointer)/\(index)"))
            }
            return .list(list)
        case .object(let members):
            var map: [DocumentValue.Member] = []
            for member in members {
                map.append(
                    DocumentValue.Member(
                        member.name,
                        try member.value.document(at: Pointer.appending(member.name, to: pointer))))
            }
            return .map(map)
        }
    }
}
