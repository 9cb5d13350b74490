/// Reads the wanted values out of one JSON object and checks the rest.
struct JSONLineParser {
    struct Flaw: Error {
        let code: Fault.Code
        let message: String
        var field: Int?
    }

    var paths: JSONPaths
    let names: [String]
    let keyLimit: Int
    /// The line at hand and a zero behind it, which no JSON holds: so its end need not be asked for at each byte.
    var text: [UInt8] = []
    var at = 0
    /// The keys of the objects being read that nobody wants, one after the other, for they must not be doubled either.
    private var strangers: [UInt8] = []
    private var strangerEnds: [Int] = []
    private var scratch: [UInt8] = []

    static let depth = 32

    init(paths: [String], keyLimit: Int) {
        self.paths = JSONPaths(paths)
        names = paths
        self.keyLimit = keyLimit
    }

    /// Fills `record` from the line, or says why it cannot. The line's buffer is lent, and given back empty.
    mutating func read(_ line: inout [UInt8], line number: Int, into record: inout Record) -> Fault? {
        let hasZero = line.contains(0)
        begin(&line)
        defer { end(&line) }
        guard !hasZero else {
            return Fault(.nul, line: number, "the line holds a NUL character; save the file as UTF-8 text")
        }
        do throws(Flaw) {
            try skipBlanks()
            guard text[at] == UInt8(ascii: "{") else {
                throw Flaw(code: .notAnObject, message: "a line holds one JSON object, from { to }")
            }
            try readObject(0, depth: 1, into: &record)
            try skipBlanks()
            guard at == text.count - 1 else { throw flaw("something follows the object") }
            return nil
        } catch {
            let name = error.field.map { names[$0] }
            return Fault(error.code, line: number, column: error.field.map { $0 + 1 }, name: name, error.message)
        }
    }

    mutating func begin(_ line: inout [UInt8]) {
        swap(&text, &line)
        text.append(0)
        at = 0
        strangers.removeAll(keepingCapacity: true)
        strangerEnds.removeAll(keepingCapacity: true)
    }

    mutating func end(_ line: inout [UInt8]) {
        text.removeAll(keepingCapacity: true)
        swap(&text, &line)
    }

    /// From the opening to the closing brace.
    mutating func readObject(_ node: Int, depth: Int, into record: inout Record) throws(Flaw) {
        let firstStranger = strangerEnds.count
        let firstByte = strangers.count
        defer {
            strangerEnds.removeSubrange(firstStranger...)
            strangers.removeSubrange(firstByte...)
        }
        at += 1
        try skipBlanks()
        if text[at] == UInt8(ascii: "}") {
            at += 1
            return
        }
        var count = 0
        while true {
            count += 1
            guard count <= keyLimit else {
                throw Flaw(code: .tooManyColumns, message: "an object has more than the \(keyLimit) keys allowed")
            }
            let key = try readKey()
            let found = paths.find(key, below: node)
            if let found {
                try readValue(found, depth: depth, into: &record)
            } else {
                try addStranger(key, from: firstStranger, firstByte)
                try skipValue(depth: depth)
            }
            try skipBlanks()
            let byte = text[at]
            guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else { throw flaw("expected , or }") }
            at += 1
            if byte == UInt8(ascii: "}") { return }
            try skipBlanks()
        }
    }

    /// A key, its escapes resolved, and the colon behind it.
    private mutating func readKey() throws(Flaw) -> ArraySlice<UInt8> {
        guard text[at] == UInt8(ascii: "\"") else { throw flaw("expected a key in quotation marks") }
        let start = at + 1
        let hasEscapes = try skipString()
        let end = at - 1
        try skipBlanks()
        guard text[at] == UInt8(ascii: ":") else { throw flaw("expected :") }
        at += 1
        try skipBlanks()
        guard hasEscapes else { return text[start..<end] }
        scratch.removeAll(keepingCapacity: true)
        try JSONString.unescape(text[start..<end], onto: &scratch)
        return scratch[...]
    }

    private mutating func readValue(
        _ key: (field: Int?, node: Int?), depth: Int, into record: inout Record
    ) throws(Flaw) {
        let start = record.bytes.count
        let first = at
        let kind: Record.Kind
        switch text[at] {
        case UInt8(ascii: "{"):
            if let node = key.node {
                guard depth < Self.depth else { throw tooDeep }
                return try readObject(node, depth: depth + 1, into: &record)
            }
            try skipValue(depth: depth)
            kind = .json
        case UInt8(ascii: "["):
            try skipValue(depth: depth)
            kind = .json
        case UInt8(ascii: "\""):
            let hasEscapes = try skipString()
            let content = text[first + 1..<at - 1]
            guard let field = key.field else { throw scalar }
            if hasEscapes {
                var bytes: [UInt8] = []
                do throws(Flaw) { try JSONString.unescape(content, onto: &bytes) } catch {
                    throw Flaw(code: error.code, message: error.message, field: field)
                }
                record.append(bytes[...])
            } else {
                record.append(content)
            }
            guard record.fill(field, from: start, .text) else { throw doubled(field) }
            return
        case UInt8(ascii: "n"):
            return try skipValue(depth: depth)
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            try skipValue(depth: depth)
            kind = .boolean
        default:
            try skipValue(depth: depth)
            kind = .number
        }
        guard let field = key.field else { throw scalar }
        record.append(text[first..<at])
        guard record.fill(field, from: start, kind) else { throw doubled(field) }
    }

    private mutating func addStranger(
        _ key: ArraySlice<UInt8>, from first: Int, _ firstByte: Int
    ) throws(Flaw) {
        var start = firstByte
        for index in first..<strangerEnds.count {
            let end = strangerEnds[index]
            if end - start == key.count, strangers[start..<end].elementsEqual(key) {
                throw Flaw(code: .doubledKey, message: "an object has a key twice (byte \(at + 1) of the line)")
            }
            start = end
        }
        strangers.append(contentsOf: key)
        strangerEnds.append(strangers.count)
    }

    private var scalar: Flaw { flaw("expected an object where the mapping names values within it") }

    private func doubled(_ field: Int) -> Flaw {
        Flaw(code: .doubledKey, message: "the line has this key twice (byte \(at + 1) of the line)", field: field)
    }
}
