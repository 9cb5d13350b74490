/// A JSON value as it came: members keep their order, numbers their text, so that no decimal passes through floating
/// point.
enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    struct Member: Hashable, Sendable {
        let name: String
        let value: JSONValue
    }

    /// What a reader of messages calls it.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// One spelling for all texts that say the same: no blanks, members in byte order, absent and null alike.
    ///
    /// The text of a number is kept: `1` and `1.0` are two requests.
    var canonical: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let value): Self.write(value, to: &text)
        case .array(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                element.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            let told = members.filter { $0.value != .null }.sorted {
                $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
            }
            for (index, member) in told.enumerated() {
                if index > 0 { text += "," }
                Self.write(member.name, to: &text)
                text += ":"
                member.value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

/// Why a body is no JSON, and where: the pointer (RFC 6901) leads to the value that was being read.
struct JSONError: Error, Hashable, Sendable {
    enum Code: String, Sendable {
        case malformed
        case tooDeep = "too_deep"
        case duplicateKey = "duplicate_key"
        case controlCharacter = "control_character"
        case badEncoding = "bad_encoding"
    }

    let code: Code
    let pointer: String
    let detail: String
}

/// RFC 6901: how a path is written.
enum Pointer {
    static func appending(_ token: String, to pointer: String) -> String {
        var text = pointer + "/"
        for character in token {
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.append(character)
            }
        }
        return text
    }
}
