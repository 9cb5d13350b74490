/// Text as seven-bit lines of at most 76 columns (RFC 2045 section 6.7).
enum QuotedPrintable {
    private static let limit = 76

    /// Encodes UTF-8 text. CRLF, CR and LF all are line breaks and become CRLF, so no bare one can reach the wire.
    ///
    /// A leading dot stays: doubling it is the transport's work. Byte by byte into one array: it is the longest work of all
    /// that is done for a message here.
    static func encode(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count / 8)
        var column = 0
        for index in bytes.indices {
            let byte = bytes[index]
            if isBreak(byte) {
                // The LF of a CRLF is part of the break before it.
                if byte == 0x0A, index > 0, bytes[index - 1] == 0x0D { continue }
                output.append(0x0D)
                output.append(0x0A)
                column = 0
                continue
            }
            let isLast = index + 1 == bytes.count || isBreak(bytes[index + 1])
            let isPlain = isPlain(byte, atEnd: isLast)
            let width = isPlain ? 1 : 3
            // The last piece needs no room for the sign of a soft break.
            if column + width > (isLast ? limit : limit - 1) {
                output.append(0x3D)
                output.append(0x0D)
                output.append(0x0A)
                column = 0
            }
            if isPlain {
                output.append(byte)
            } else {
                output.append(0x3D)
                output.append(digit(byte >> 4))
                output.append(digit(byte & 0x0F))
            }
            column += width
        }
        return output
    }

    private static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

    private static func isPlain(_ byte: UInt8, atEnd: Bool) -> Bool {
        switch byte {
        case 0x20, 0x09: !atEnd
        case 0x21...0x3C, 0x3E...0x7E: true
        default: false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
