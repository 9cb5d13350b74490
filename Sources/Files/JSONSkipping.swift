extension JSONLineParser {
    /// Past a value of any kind, whose form is checked; ends at the byte behind it.
    mutating func skipValue(depth: Int) throws(Flaw) {
        switch text[at] {
        case UInt8(ascii: "\""): _ = try skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["): try skipContainer(depth: depth + 1)
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default: try skipNumber()
        }
    }

    private mutating func skipContainer(depth: Int) throws(Flaw) {
        guard depth <= Self.depth else { throw tooDeep }
        let isObject = text[at] == UInt8(ascii: "{")
        let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
        at += 1
        try skipBlanks()
        if text[at] == end {
            at += 1
            return
        }
        while true {
            if isObject {
                guard text[at] == UInt8(ascii: "\"") else { throw flaw("expected a key in quotation marks") }
                _ = try skipString()
                try skipBlanks()
                guard text[at] == UInt8(ascii: ":") else { throw flaw("expected :") }
                at += 1
                try skipBlanks()
            }
            try skipValue(depth: depth)
            try skipBlanks()
            let byte = text[at]
            guard byte == UInt8(ascii: ",") || byte == end else { throw flaw("expected , or the closing bracket") }
            at += 1
            if byte == end { return }
            try skipBlanks()
        }
    }

    /// Past a string; whether it holds escapes, which are checked when they are resolved.
    mutating func skipString() throws(Flaw) -> Bool {
        var hasEscapes = false
        var place = at + 1
        while true {
            let byte = text[place]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                place += 1
            }
            guard text[place] >= 0x20 else {
                at = place
                throw flaw("a string holds a control character")
            }
            place += 1
        }
        at = place + 1
        return hasEscapes
    }

    /// A minus, digits without a leading zero, decimals, an exponent.
    private mutating func skipNumber() throws(Flaw) {
        if text[at] == UInt8(ascii: "-") { at += 1 }
        if text[at] == UInt8(ascii: "0") { at += 1 } else { try skipDigits() }
        if text[at] == UInt8(ascii: ".") {
            at += 1
            try skipDigits()
        }
        if text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
            try skipDigits()
        }
    }

    private mutating func skipDigits() throws(Flaw) {
        let start = at
        while text[at] &- UInt8(ascii: "0") < 10 { at += 1 }
        guard at > start else { throw flaw("expected a value") }
    }

    private mutating func skipWord(_ word: StaticString) throws(Flaw) {
        for byte in "\(word)".utf8 {
            guard text[at] == byte else { throw flaw("expected a value") }
            at += 1
        }
    }

    mutating func skipBlanks() throws(Flaw) {
        while text[at] <= UInt8(ascii: " ") {
            switch text[at] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
            // The zero at the end: whoever asked says what is missing.
            case 0 where at == text.count - 1: return
            default: throw flaw("a control character stands between values")
            }
        }
    }

    /// What is wrong at this byte; at the end of the line it is that the line ends there.
    func flaw(_ expected: String) -> Flaw {
        guard at < text.count - 1 else {
            return Flaw(code: .incomplete, message: "the object is not complete; the line seems to be cut off")
        }
        return Flaw(code: .malformed, message: "\(expected) (byte \(at + 1) of the line)")
    }

    var tooDeep: Flaw { Flaw(code: .tooDeep, message: "values stand more than \(Self.depth) brackets deep") }
}

/// The content of a JSON string.
enum JSONString {
    /// Appends the content with its escapes resolved.
    static func unescape(
        _ content: ArraySlice<UInt8>, onto bytes: inout [UInt8]
    ) throws(JSONLineParser.Flaw) {
        var rest = content
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
            case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "/"): bytes.append(UInt8(ascii: "/"))
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"): UTF8Bytes.append(try scalar(&rest), to: &bytes)
            default: throw JSONLineParser.Flaw(code: .malformed, message: "a string holds an unknown escape")
            }
        }
    }

    /// Behind `\u`: one unit, or two that make a pair.
    private static func scalar(_ rest: inout ArraySlice<UInt8>) throws(JSONLineParser.Flaw) -> UInt32 {
        let first = try unit(&rest)
        switch first {
        case 0: throw JSONLineParser.Flaw(code: .nul, message: "a string holds a NUL character")
        case 0xD800..<0xDC00:
            guard rest.popFirst() == UInt8(ascii: "\\"), rest.popFirst() == UInt8(ascii: "u") else { throw lone }
            let second = try unit(&rest)
            guard (0xDC00..<0xE000).contains(second) else { throw lone }
            return (first - 0xD800) << 10 + (second - 0xDC00) + 0x10000
        case 0xDC00..<0xE000: throw lone
        default: return first
        }
    }

    private static func unit(_ rest: inout ArraySlice<UInt8>) throws(JSONLineParser.Flaw) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = rest.popFirst(), let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80
            else {
                throw JSONLineParser.Flaw(code: .malformed, message: "\\u is followed by four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private static let lone = JSONLineParser.Flaw(code: .encoding, message: "a string holds half a surrogate pair")
}
