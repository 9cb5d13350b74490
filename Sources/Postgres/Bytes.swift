/// A `bytea`.
package struct Bytes: Hashable, Sendable {
    /// The content itself, not its text.
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
}

extension Bytes: PostgresValue {
    /// Reads the hex form, `\x` and two digits a byte; a server set to `bytea_output = escape` is refused.
    package init(postgresText text: String) throws(PostgresError) {
        var digits = Substring(text).utf8
        guard digits.popFirst() == UInt8(ascii: "\\"), digits.popFirst() == UInt8(ascii: "x"),
            digits.count.isMultiple(of: 2)
        else { throw .undecodable("bytea in hex form") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        while let high = digits.popFirst(), let low = digits.popFirst() {
            guard let upper = Self.value(of: high), let lower = Self.value(of: low) else {
                throw .undecodable("bytea in hex form")
            }
            bytes.append(upper << 4 | lower)
        }
        self.init(bytes)
    }

    package var postgresText: String { "\\x" + hexadecimal(bytes) }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Two lower-case hex digits a byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let alphabet = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] }, as: UTF8.self)
}
