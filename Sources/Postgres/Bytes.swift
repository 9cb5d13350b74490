/// A `bytea`.
package struct Bytes: Hashable, Sendable {
    /// The content itself, not its text.
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
}

extension Bytes: PostgresValue {
    /// Reads the hex form, `\x` and two digits a byte; a server set to `bytea_output = escape` is refused.
    package init(postgresText text: String) throws(PostgresError) {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2), digits.starts(with: "\\x".utf8) else {
            throw .undecodable("bytea in hex form")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2 - 1)
        for index in stride(from: 2, to: digits.count, by: 2) {
            guard let upper = hexadecimalValue(of: digits[index]), let lower = hexadecimalValue(of: digits[index + 1])
            else {
                throw .undecodable("bytea in hex form")
            }
            bytes.append(upper << 4 | lower)
        }
        self.init(bytes)
    }

    package var postgresText: String { "\\x" + hexadecimal(bytes) }
}

/// Two lower-case hex digits a byte.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var digits: [UInt8] = []
    // Whole files pass through here: no array for each byte.
    digits.reserveCapacity(2 * bytes.underestimatedCount)
    for byte in bytes {
        digits.append(digit(of: byte >> 4))
        digits.append(digit(of: byte & 15))
    }
    return String(decoding: digits, as: UTF8.self)
}

/// The lower-case digit of a value below 16.
func digit(of value: UInt8) -> UInt8 { value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }

/// What a digit of either case stands for.
func hexadecimalValue(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}
