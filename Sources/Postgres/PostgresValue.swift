package import Foundation

/// A value that can be sent as a parameter and read from a column, in PostgreSQL's text format.
///
/// The type named in a query's header decides what the server makes of the text. Domain types join by two lines of
/// their own; enumerations with a raw value need only declare the conformance.
package protocol PostgresValue: Sendable {
    /// Throws ``PostgresError`` of kind `decoding`, whose message names the expected type and never the text.
    init(postgresText: String) throws(PostgresError)

    /// The server refuses a NUL character in it; so do we, when the parameter is bound.
    var postgresText: String { get }
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
    package init(postgresText: String) throws(PostgresError) {
        guard let value = UUID(uuidString: postgresText) else { throw .undecodable("uuid") }
        self = value
    }

    package var postgresText: String { uuidString.lowercased() }
}
