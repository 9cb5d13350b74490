package import Dunning
import Yams

/// YAML as people write it, read into the one form of documents and printed from it.
///
/// A plain scalar of digits is a number, `true` and `false` are flags, nothing and `~` are null; all else is text, so that `no`
/// and `2027-01-31` stay what they look like. Anchors are refused: a few lines of them can stand for more than fits in memory.
package enum YAMLDocument {
    /// A workflow of fifty steps has a few thousand bytes.
    package static let mostBytes = 262_144
    private static let mostNodes = 20_000
    private static let deepest = 60

    /// Throws ``Rejection/invalid(_:)`` with the line where the text stops being YAML.
    package static func read(_ text: String) throws(Rejection) -> DocumentValue {
        guard text.utf8.count <= mostBytes else {
            throw .invalid("", "too_large", "must be at most \(mostBytes) bytes")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw .invalid("", "bad_yaml", "is no YAML: \(String(describing: error).prefix(300))")
        }
        guard let root else { throw .invalid("", "empty", "holds no document") }
        var left = mostNodes
        return try value(root, at: "", depth: 1, left: &left)
    }

    private static func value(
        _ node: Node, at pointer: String, depth: Int, left: inout Int
    ) throws(Rejection) -> DocumentValue {
        left -= 1
        guard left > 0, depth <= deepest else {
            throw .invalid(pointer, "too_large", "the document is too large or too deep here")
        }
        switch node {
        case .scalar(let scalar): return value(scalar)
        case .sequence(let sequence):
            var list: [DocumentValue] = []
            for (index, element) in sequence.enumerated() {
                list.append(try value(element, at: "\(pointer)/\(index)", depth: depth + 1, left: &left))
            }
            return .list(list)
        case .mapping(let mapping):
            var members: [DocumentValue.Member] = []
            for (key, element) in mapping {
                guard case .scalar(let name) = key else {
                    throw .invalid(pointer, "bad_key", "a name must be text")
                }
                members.append(
                    DocumentValue.Member(
                        name.string,
                        try value(element, at: "\(pointer)/\(name.string)", depth: depth + 1, left: &left)))
            }
            return .map(members)
        case .alias: throw .invalid(pointer, "alias", "anchors and aliases are not taken; say it again")
        }
    }

    private static func value(_ scalar: Node.Scalar) -> DocumentValue {
        guard scalar.style == .plain || scalar.style == .any else { return .text(scalar.string) }
        return plain(scalar.string)
    }

    private static func plain(_ text: String) -> DocumentValue {
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
            let isNumber =
                !digits.isEmpty && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                && (digits.count == 1 || digits.first != "0")
            return isNumber ? Int64(text).map(DocumentValue.int) ?? .text(text) : .text(text)
        }
    }

    /// The text that ``read(_:)`` reads as the same document.
    package static func text(of value: DocumentValue) -> String {
        do {
            return try Yams.serialize(node: node(value), width: 120, allowUnicode: true)
        } catch {
            preconditionFailure("a tree of maps, lists and scalars can always be written: \(error)")
        }
    }

    private static func node(_ value: DocumentValue) -> Node {
        switch value {
        case .null: return .scalar(Node.Scalar("null", .implicit, .plain))
        case .bool(let flag): return .scalar(Node.Scalar(flag ? "true" : "false", .implicit, .plain))
        case .int(let number): return .scalar(Node.Scalar(String(number), .implicit, .plain))
        case .text(let text):
            // Text that would be read as something else is quoted; lines stay lines.
            let style: Node.Scalar.Style =
                text.contains("\n") ? .literal : plain(text) == .text(text) ? .any : .doubleQuoted
            return .scalar(Node.Scalar(text, .implicit, style))
        case .list(let elements): return .sequence(Node.Sequence(elements.map(node)))
        case .map(let members):
            return .mapping(
                Node.Mapping(members.map { (.scalar(Node.Scalar($0.name)), node($0.value)) }))
        }
    }
}
