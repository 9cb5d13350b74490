/// One record of a file. It is filled again and again, so that reading on allocates nothing.
package struct Record: Sendable {
    /// What kind of value a field holds.
    package enum Kind: UInt8, Sendable {
        /// A JSON object without this key, or with null there.
        case absent
        /// Text, of CSV or of a JSON string, all escapes resolved.
        case text
        /// A JSON number, digit for digit.
        case number
        /// `true` or `false` of JSON.
        case boolean
        /// The JSON text of an array or object, checked.
        case json
    }

    private struct Field {
        var start: Int32 = 0
        var end: Int32 = 0
        var kind = Kind.absent
    }

    /// The line on which it starts; the first line of the file is 1.
    package internal(set) var line = 0
    /// Its number below the header, from 1; blank lines do not count.
    package internal(set) var number = 0
    /// Why it cannot be used; its fields are incomplete then.
    package internal(set) var fault: Fault?

    private(set) var bytes: [UInt8] = []
    private var fields: [Field] = []

    package init() {}

    /// How many fields it has: as many as the header, unless it is at fault.
    package var count: Int { fields.count }

    /// The text of a field as UTF-8; empty where it is absent.
    package subscript(field: Int) -> ArraySlice<UInt8> {
        let field = fields[field]
        return bytes[Int(field.start)..<Int(field.end)]
    }

    package func kind(_ field: Int) -> Kind { fields[field].kind }

    /// The text of a field, for messages and tests.
    package func text(_ field: Int) -> String { String(decoding: self[field], as: UTF8.self) }
}

extension Record {
    mutating func clear(line: Int) {
        self.line = line
        fault = nil
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
    }

    /// Gives it as many absent fields.
    mutating func reserve(_ count: Int) {
        for _ in 0..<count { fields.append(Field()) }
    }

    mutating func append(_ some: ArraySlice<UInt8>) { bytes.append(contentsOf: some) }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Makes what was appended since the last field a field.
    mutating func endField() {
        fields.append(Field(start: fields.last?.end ?? 0, end: Int32(bytes.count), kind: .text))
    }

    /// Makes what was appended since `start` the value of a field; `false` if it has one.
    mutating func fill(_ field: Int, from start: Int, _ kind: Kind) -> Bool {
        guard fields[field].kind == .absent else { return false }
        fields[field] = Field(start: Int32(start), end: Int32(bytes.count), kind: kind)
        return true
    }

    /// Empties it but for the fault: what cannot be used is not kept.
    mutating func spoil(_ fault: Fault) {
        self.fault = fault
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
    }

    /// The first field that is not valid UTF-8, and the place of the byte within it.
    func firstInvalidField() -> (field: Int, offset: Int, byte: UInt8)? {
        var all: UInt8 = 0
        for byte in bytes { all |= byte }
        guard all >= 0x80 else { return nil }
        for field in fields.indices {
            let text = self[field]
            if let place = UTF8Bytes.firstInvalid(in: text) { return (field, place - text.startIndex, text[place]) }
        }
        return nil
    }
}
