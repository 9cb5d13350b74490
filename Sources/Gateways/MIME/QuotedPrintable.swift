/// Text as seven-bit lines of at most 76 columns (RFC 2045 section 6.7).
enum QuotedPrintable {
    private static let limit = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Encodes UTF-8 text. CRLF, CR and LF all are line breaks and become CRLF, so no bare one can reach the wire.
    ///
    /// A leading dot stays: doubling it is the transport's work.
    static func encode(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + text.utf8.count / 8)
        for (index, line) in lines(of: text).enumerated() {
            if index > 0 { output += [0x0D, 0x0A] }
            encode(line: line, into: &output)
        }
        return output
    }

    private static func lines(of text: String) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x0D || (byte == 0x0A && previous != 0x0D) {
                lines.append([])
            } else if byte != 0x0A {
                lines[lines.count - 1].append(byte)
            }
            previous = byte
        }
        return lines
    }

    private static func encode(line: [UInt8], into output: inout [UInt8]) {
        var column = 0
        for (index, byte) in line.enumerated() {
            let isLast = index == line.count - 1
            let piece = escaped(byte, atEnd: isLast)
            // The last piece needs no room for the sign of a soft break.
            if column + piece.count > (isLast ? limit : limit - 1) {
                output += [0x3D, 0x0D, 0x0A]
                column = 0
            }
            output += piece
            column += piece.count
        }
    }

    private static func escaped(_ byte: UInt8, atEnd: Bool) -> [UInt8] {
        switch byte {
        case 0x20, 0x09: atEnd ? hexadecimal(byte) : [byte]
        case 0x21...0x3C, 0x3E...0x7E: [byte]
        default: hexadecimal(byte)
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> [UInt8] {
        [0x3D, digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
    }
}
