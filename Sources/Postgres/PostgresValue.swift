package import Foundation

/// A value that can be sent as a parameter and read from a column, in PostgreSQL's text format. Some are sent in the binary
/// one, see ``appendBinary(as:to:)``.
///
/// The type named in a query's header decides what the server makes of the text. Domain types join by two lines of
/// their own; enumerations with a raw value need only declare the conformance.
package protocol PostgresValue: Sendable {
    /// Throws ``PostgresError`` of kind `decoding`, whose message names the expected type and never the text.
    init(postgresText: String) throws(PostgresError)

    /// The server refuses a NUL character in it; so do we, when the parameter is bound.
    var postgresText: String { get }

    /// Adds the value in the server's binary form of this type, which is quicker than its text. False where there is none, or
    /// none for this value: its text is sent then, whatever was added.
    func appendBinary(as type: PostgresType, to bytes: inout [UInt8]) -> Bool
}

extension PostgresValue where Self: RawRepresentable, RawValue: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        guard let value = Self(rawValue: try RawValue(postgresText: postgresText)) else {
            throw .undecodable(String(describing: Self.self))
        }
        self = value
    }

    package var postgresText: String { rawValue.postgresText }
}

/// The text of a `jsonb`: the server's own spelling when read, any JSON when sent.
package struct JSONText: Hashable, Sendable {
    /// Not checked here; the server refuses what is no JSON.
    package let text: String

    package init(_ text: String) { self.text = text }
}

extension JSONText: PostgresValue {
    package init(postgresText: String) throws(PostgresError) { self.init(postgresText) }

    package var postgresText: String { text }
}

extension String: PostgresValue {
    package init(postgresText: String) throws(PostgresError) { self = postgresText }

    package var postgresText: String { self }
}

extension Int: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        guard let value = Int(postgresText) else { throw .undecodable("integer") }
        self = value
    }

    package var postgresText: String { String(self) }
}

extension Int64: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        guard let value = Int64(postgresText) else { throw .undecodable("integer") }
        self = value
    }

    package var postgresText: String { String(self) }
}

extension Int32: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        guard let value = Int32(postgresText) else { throw .undecodable("integer of 32 bits") }
        self = value
    }

    package var postgresText: String { String(self) }
}

extension Bool: PostgresValue {
    package init(postgresText: String) throws(PostgresError) {
        switch postgresText {
        case "t": self = true
        case "f": self = false
        default: throw .undecodable("bool")
        }
    }

    package var postgresText: String { self ? "t" : "f" }
}

extension Double: PostgresValue {
    /// PostgreSQL writes the shortest text that reads back as the same number, and so does Swift.
    package init(postgresText: String) throws(PostgresError) {
        switch postgresText {
        case "NaN": self = .nan
        case "Infinity": self = .infinity
        case "-Infinity": self = -.infinity
        default:
            guard let value = Double(postgresText) else { throw .undecodable("double") }
            self = value
        }
    }

    package var postgresText: String {
        if isNaN { return "NaN" }
        return isInfinite ? (self > 0 ? "Infinity" : "-Infinity") : description
    }
}

extension UUID: PostgresValue {
    package init(postgresText text: String) throws(PostgresError) {
        var text = text
        guard let value = text.withUTF8(UUID.init(digits:)) else { throw .undecodable("uuid") }
        self = value
    }

    package var postgresText: String {
        String(unsafeUninitializedCapacity: 36) { digits in
            withUnsafeBytes(of: uuid) { bytes in
                var place = 0
                for (index, byte) in bytes.enumerated() {
                    if Self.isAfterDash(index) {
                        digits.initializeElement(at: place, to: UInt8(ascii: "-"))
                        place += 1
                    }
                    digits.initializeElement(at: place, to: digit(of: byte >> 4))
                    digits.initializeElement(at: place + 1, to: digit(of: byte & 15))
                    place += 2
                }
                return place
            }
        }
    }

    /// From 32 digits in groups of 8, 4, 4, 4 and 12: all rows name their things so, and Foundation's reading goes over a C
    /// string and takes several times as long.
    private init?(digits: UnsafeBufferPointer<UInt8>) {
        guard digits.count == 36 else { return nil }
        var value: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isRead = withUnsafeMutableBytes(of: &value) { bytes in
            var place = 0
            for index in bytes.indices {
                if Self.isAfterDash(index) {
                    guard digits[place] == UInt8(ascii: "-") else { return false }
                    place += 1
                }
                guard let upper = hexadecimalValue(of: digits[place]),
                    let lower = hexadecimalValue(of: digits[place + 1])
                else { return false }
                bytes[index] = upper << 4 | lower
                place += 2
            }
            return true
        }
        guard isRead else { return nil }
        self.init(uuid: value)
    }

    private static func isAfterDash(_ index: Int) -> Bool { index == 4 || index == 6 || index == 8 || index == 10 }
}
