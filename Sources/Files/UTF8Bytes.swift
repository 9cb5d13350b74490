/// UTF-8, byte by byte.
enum UTF8Bytes {
    /// Appends a scalar value that is no surrogate.
    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        switch scalar {
        case 0..<0x80: bytes.append(UInt8(scalar))
        case 0x80..<0x800:
            bytes.append(UInt8(0xC0 | scalar >> 6))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        case 0x800..<0x10000:
            bytes.append(UInt8(0xE0 | scalar >> 12))
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        default:
            bytes.append(UInt8(0xF0 | scalar >> 18))
            bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    /// Where the first byte stands that cannot be there (RFC 3629 section 4); `nil` when all is well.
    static func firstInvalid(in bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte < 0x80 {
                index += 1
                continue
            }
            guard let (length, second) = form(of: byte), index + length <= bytes.endIndex,
                second.contains(bytes[index + 1])
            else { return index }
            for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 { return index }
            index += length
        }
        return nil
    }

    /// How many bytes a character has that starts with this one, and what its second byte may be: overlong forms,
    /// surrogates and values beyond U+10FFFF are excluded there.
    private static func form(of first: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
        switch first {
        case 0xC2...0xDF: (2, 0x80...0xBF)
        case 0xE0: (3, 0xA0...0xBF)
        case 0xED: (3, 0x80...0x9F)
        case 0xE1...0xEF: (3, 0x80...0xBF)
        case 0xF0: (4, 0x90...0xBF)
        case 0xF1...0xF3: (4, 0x80...0xBF)
        case 0xF4: (4, 0x80...0x8F)
        default: nil
        }
    }
}

/// What the upper half of a single-byte encoding stands for, in UTF-8; FF where it stands for nothing.
enum SingleByteTable {
    static let latin1 = (0x80...0xFF).map { encoded(UInt32($0)) }

    static let windows1252 = special.map { $0 == 0 ? [TextDecoder.invalid] : encoded($0) } + latin1[32...]

    /// 80 to 9F, as the Encoding Standard of the WHATWG has them, but for the five that Windows leaves open.
    private static let special: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]

    private static func encoded(_ scalar: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        UTF8Bytes.append(scalar, to: &bytes)
        return bytes
    }
}
