/// Reads JSON (RFC 8259) strictly: nothing after the value, no member twice, no lone surrogate, valid UTF-8 throughout.
///
/// Depth is bounded here, size by whoever handed in the bytes; the work is linear in it.
struct JSONParser {
    static let depthLimit = 32
    /// Longer numbers than any field takes.
    private static let digitLimit = 64

    private let bytes: [UInt8]
    private var index = 0
    private var pointer = ""
    private var depth = 0

    static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes)
        parser.skipBlanks()
        let value = try parser.value()
        parser.skipBlanks()
        guard parser.index == bytes.count else { throw parser.malformed("something follows the value") }
        return value
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): try nested { parser throws(JSONError) in try parser.object() }
        case UInt8(ascii: "["): try nested { parser throws(JSONError) in try parser.array() }
        case UInt8(ascii: "\""): .string(try string())
        case UInt8(ascii: "t"): try word("true", .bool(true))
        case UInt8(ascii: "f"): try word("false", .bool(false))
        case UInt8(ascii: "n"): try word("null", .null)
        case UInt8(ascii: "-"): .number(try number())
        case let byte? where Self.isDigit(byte): .number(try number())
        case nil: throw malformed("the text ends where a value should be")
        default: throw malformed("no value can begin like this")
        }
    }

    private mutating func nested(
        _ read: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        guard depth < Self.depthLimit else {
            throw JSONError(code: .tooDeep, pointer: pointer, detail: "is nested more than \(Self.depthLimit) deep")
        }
        depth += 1
        index += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        let outer = pointer
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw malformed("a member begins with its name in quotes") }
            let name = try string()
            pointer = Pointer.appending(name, to: outer)
            guard names.insert(name).inserted else {
                throw JSONError(code: .duplicateKey, pointer: pointer, detail: "is there twice")
            }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw malformed("a colon belongs after the name") }
            skipBlanks()
            members.append(.init(name: name, value: try value()))
            pointer = outer
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw malformed("the object is not closed") }
        return .object(members)
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        let outer = pointer
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            skipBlanks()
            pointer = "\(outer)/\(elements.count)"
            elements.append(try value())
            pointer = outer
            skipBlanks()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw malformed("the array is not closed") }
        return .array(elements)
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let text = Array("\(word)".utf8)
        guard bytes[index...].starts(with: text) else { throw malformed("no value can begin like this") }
        index += text.count
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = index
        _ = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            if let byte = next, Self.isDigit(byte) { throw malformed("a number has no leading zero") }
        } else {
            try digits()
        }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            try digits()
        }
        guard index - start <= Self.digitLimit else { throw malformed("the number is too long") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits() throws(JSONError) {
        let start = index
        while let byte = next, Self.isDigit(byte) { index += 1 }
        if index == start { throw malformed("a digit belongs here") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private func malformed(_ detail: String) -> JSONError {
        JSONError(code: .malformed, pointer: pointer, detail: "\(detail) (at byte \(index))")
    }
}

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        index += 1
        var content: [UInt8] = []
        while let byte = next {
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw JSONError(code: .badEncoding, pointer: pointer, detail: "is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): content += try escaped()
            case 0x00..<0x20:
                throw JSONError(
                    code: .controlCharacter, pointer: pointer,
                    detail: "holds a bare control character (at byte \(index - 1))")
            default: content.append(byte)
            }
        }
        throw malformed("the string is not closed")
    }

    private mutating func escaped() throws(JSONError) -> [UInt8] {
        guard let byte = next else { throw malformed("the string is not closed") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return Array(String(Character(try codePoint())).utf8)
        default: throw malformed("there is no such escape")
        }
    }

    /// One `\u` with its four digits, or two that make a surrogate pair (RFC 8259 section 7).
    private mutating func codePoint() throws(JSONError) -> Unicode.Scalar {
        let first = try unit()
        if let scalar = Unicode.Scalar(UInt32(first)) { return scalar }
        guard UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw loneSurrogate
        }
        let second = try unit()
        guard UTF16.isTrailSurrogate(second) else { throw loneSurrogate }
        return UTF16.decode(.init([first, second]))
    }

    private var loneSurrogate: JSONError {
        JSONError(code: .badEncoding, pointer: pointer, detail: "holds half of a surrogate pair (at byte \(index))")
    }

    private mutating func unit() throws(JSONError) -> UInt16 {
        guard index + 4 <= bytes.count, bytes[index..<index + 4].allSatisfy(Self.isHexDigit),
            let unit = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { throw malformed("four hexadecimal digits belong after \\u") }
        index += 4
        return unit
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
}
