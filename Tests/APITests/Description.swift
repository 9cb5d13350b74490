import Foundation
import Testing
import Yams

@testable import recoup_api

/// openapi.yaml as the tests read it, with as much of JSON Schema as it uses.
struct Description: Sendable {
    struct Operation: Sendable {
        let method: String
        let path: String
        let body: JSONValue

        /// Statuses described.
        var statuses: Set<String> { Set(body["responses"]?.members.keys ?? [:].keys) }
    }

    let document: JSONValue
    let operations: [Operation]

    static let shared = Result { try Description() }

    private init() throws {
        let document = try JSONValue(yaml: try #require(try Yams.load(yaml: APIDescription.text)))
        self.document = document
        operations = (document["paths"]?.members ?? [:]).flatMap { path, item in
            item.members.compactMap { method, body in
                guard ["get", "put", "post", "delete", "patch"].contains(method) else { return nil }
                return Operation(method: method.uppercased(), path: path, body: body)
            }
        }
    }

    func operation(_ method: String, at path: String) -> Operation? {
        let asked = path.prefix { $0 != "?" }.split(separator: "/")
        let fitting = operations.filter { operation in
            let known = operation.path.split(separator: "/")
            return operation.method == method && known.count == asked.count
                && zip(known, asked).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        // A literal path wins over one with a parameter.
        return fitting.min { left, right in
            left.path.filter { $0 == "{" }.count < right.path.filter { $0 == "{" }.count
        }
    }

    /// What an answer has that the description does not say, or lacks of what it says; empty when they agree.
    func differences(_ answer: HTTPClient.Answer, to operation: Operation) -> [String] {
        guard let described = operation.body["responses"]?["\(answer.status)"] else {
            return ["\(operation.method) \(operation.path) does not describe the status \(answer.status)"]
        }
        let type = String(answer.headers["content-type"]?.prefix { $0 != ";" } ?? "")
        guard let content = resolved(described)["content"]?[type] else {
            return ["\(answer.status) is not described as \(type)"]
        }
        guard type == "application/json" || type.hasSuffix("+json"), let schema = content["schema"] else { return [] }
        guard let value = try? JSONParser.parse(answer.body) else { return ["the body is not JSON"] }
        return differences(value, to: schema, at: "")
    }

    /// Follows a `$ref`.
    func resolved(_ node: JSONValue) -> JSONValue {
        guard let reference = node["$ref"]?.text else { return node }
        let found = reference.split(separator: "/").dropFirst().reduce(document as JSONValue?) { $0?[String($1)] }
        return found ?? .object([.init(name: "missing", value: .string(reference))])
    }

    private func differences(_ value: JSONValue, to schema: JSONValue, at place: String) -> [String] {
        let schema = resolved(schema)
        if let missing = schema["missing"]?.text { return ["\(place): \(missing) is nowhere"] }
        if let choices = schema["oneOf"]?.elements {
            let results = choices.map { differences(value, to: $0, at: place) }
            return results.contains([]) ? [] : results.first ?? []
        }
        let types = schema["type"]?.elements?.compactMap(\.text) ?? [schema["type"]?.text].compactMap { $0 }
        guard types.isEmpty || types.contains(where: value.has(type:)) else {
            return ["\(place): \(value.kind) is not \(types)"]
        }
        switch value {
        case .string(let text): return differences(text, to: schema, at: place)
        case .array(let elements):
            guard let items = schema["items"] else { return [] }
            return elements.enumerated().flatMap { differences($1, to: items, at: "\(place)/\($0)") }
        case .object where types.contains("object"): return differences(value.members, toObject: schema, at: place)
        default: return []
        }
    }

    private func differences(_ text: String, to schema: JSONValue, at place: String) -> [String] {
        var found: [String] = []
        if let words = schema["enum"]?.elements, !words.contains(.string(text)) {
            found.append("\(place): \(text) is none of the words")
        }
        if case .number(let limit)? = schema["maxLength"], text.unicodeScalars.count > Int(limit) ?? 0 {
            found.append("\(place): longer than \(limit)")
        }
        if let pattern = schema["pattern"]?.text, text.range(of: pattern, options: .regularExpression) == nil {
            found.append("\(place): \(text) is not \(pattern)")
        }
        return found
    }

    private func differences(
        _ members: [String: JSONValue], toObject schema: JSONValue, at place: String
    ) -> [String] {
        let properties = schema["properties"]?.members ?? [:]
        let required = schema["required"]?.elements?.compactMap(\.text) ?? []
        let missing = required.filter { members[$0] == nil }.map { "\(place)/\($0) is missing" }
        return missing
            + members.flatMap { name, value in
                // Clients may meet new members; here an undescribed one is a slip.
                guard let property = properties[name] ?? schema["additionalProperties"] else {
                    return ["\(place)/\(name) is not described"]
                }
                return differences(value, to: property, at: "\(place)/\(name)")
            }
    }
}

extension JSONValue {
    /// What Yams makes of a document; only kinds that JSON has too.
    init(yaml: Any) throws {
        switch yaml {
        case let members as [String: Any]:
            self = .object(try members.map { .init(name: $0, value: try JSONValue(yaml: $1)) })
        case let elements as [Any]: self = .array(try elements.map(JSONValue.init(yaml:)))
        case let text as String: self = .string(text)
        case let flag as Bool: self = .bool(flag)
        case let number as Int: self = .number("\(number)")
        case is NSNull: self = .null
        default: self = .string("\(yaml)")
        }
    }

    subscript(name: String) -> JSONValue? { members[name] }

    var members: [String: JSONValue] {
        guard case .object(let list) = self else { return [:] }
        return Dictionary(list.map { ($0.name, $0.value) }) { first, _ in first }
    }

    var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    fileprivate func has(type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        case .number(let digits): type == "number" || type == "integer" && Int(digits) != nil
        }
    }
}
