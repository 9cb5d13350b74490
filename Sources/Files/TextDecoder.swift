/// Turns the bytes of a file into UTF-8, whatever it was written in.
///
/// What is not valid in the file's encoding becomes the byte FF, which UTF-8 never has: so the record it stands in is
/// found at fault later, and only that one.
struct TextDecoder {
    private var source: PeekedSource
    private let transform: Transform
    /// Bytes of a character whose rest is in the next piece.
    private var rest: [UInt8] = []
    private var high: UInt32?

    private enum Transform {
        case none
        case table([[UInt8]])
        case utf16(isBig: Bool)
    }

    static let invalid: UInt8 = 0xFF

    /// Looks at the first bytes. Throws ``FileError`` when they contradict what was declared, or leave open what the
    /// file is.
    init(_ source: PeekedSource, declared: TextEncoding) throws {
        self.source = source
        let start = Array(try self.source.peek(4))
        if start.starts(with: Array("PK\u{3}\u{4}".utf8)) {
            throw FileError(
                .notText, "the file is a ZIP archive or a workbook; save it as CSV, compressed with gzip or not")
        }
        if start.starts(with: [0xFF, 0xFE, 0, 0]) || start.starts(with: [0, 0, 0xFE, 0xFF]) {
            throw FileError(.encodingMismatch, "UTF-32 is not read; save the file as UTF-8")
        }
        let marks: [(bytes: [UInt8], encoding: TextEncoding)] = [
            ([0xEF, 0xBB, 0xBF], .utf8), ([0xFF, 0xFE], .utf16LE), ([0xFE, 0xFF], .utf16BE),
        ]
        let mark = marks.first { start.starts(with: $0.bytes) }
        if let mark {
            let fits = declared == .auto || declared == mark.encoding || (declared == .utf16 && mark.encoding != .utf8)
            guard fits else {
                throw FileError(
                    .encodingMismatch,
                    "the file is declared as \(declared.rawValue) and its byte order mark says \(mark.encoding.rawValue)"
                )
            }
            self.source.drop(mark.bytes.count)
        }
        transform = try Self.transform(mark?.encoding ?? declared, start)
    }

    private static func transform(_ encoding: TextEncoding, _ start: [UInt8]) throws -> Transform {
        switch encoding {
        case .utf8: return .none
        case .auto:
            let zeros = start.map { $0 == 0 }
            guard zeros != [false, true, false, true], zeros != [true, false, true, false] else {
                let name = zeros[0] ? TextEncoding.utf16BE : .utf16LE
                throw FileError(
                    .encodingUnclear,
                    "the file looks like UTF-16 without a byte order mark; declare \(name.rawValue) if it is")
            }
            return .none
        case .utf16:
            throw FileError(
                .encodingUnclear, "UTF-16 without a byte order mark; declare utf-16le or utf-16be instead of utf-16")
        case .utf16LE: return .utf16(isBig: false)
        case .utf16BE: return .utf16(isBig: true)
        case .latin1: return .table(SingleByteTable.latin1)
        case .windows1252: return .table(SingleByteTable.windows1252)
        }
    }

    /// The next piece as UTF-8, never empty; `nil` at the end.
    mutating func next() throws -> [UInt8]? {
        while let piece = try source.next() {
            let decoded: [UInt8]
            switch transform {
            case .none: return piece
            case .table(let table): decoded = Self.decode(piece, by: table)
            case .utf16(let isBig): decoded = decode(piece, isBig: isBig)
            }
            if !decoded.isEmpty { return decoded }
        }
        guard !rest.isEmpty || high != nil else { return nil }
        rest = []
        high = nil
        return [Self.invalid]
    }

    private static func decode(_ piece: [UInt8], by table: [[UInt8]]) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(piece.count + piece.count / 8)
        for byte in piece {
            if byte < 0x80 { decoded.append(byte) } else { decoded.append(contentsOf: table[Int(byte) - 0x80]) }
        }
        return decoded
    }

    private mutating func decode(_ piece: [UInt8], isBig: Bool) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(piece.count)
        let bytes = rest.isEmpty ? piece : rest + piece
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            let (first, second) = (UInt32(bytes[index]), UInt32(bytes[index + 1]))
            append(isBig ? first << 8 | second : second << 8 | first, to: &decoded)
        }
        rest = bytes.count.isMultiple(of: 2) ? [] : [bytes[bytes.count - 1]]
        return decoded
    }

    private mutating func append(_ unit: UInt32, to decoded: inout [UInt8]) {
        switch unit {
        case 0xD800..<0xDC00:
            if high != nil { decoded.append(Self.invalid) }
            high = unit
        case 0xDC00..<0xE000:
            if let high {
                UTF8Bytes.append((high - 0xD800) << 10 + (unit - 0xDC00) + 0x10000, to: &decoded)
            } else {
                decoded.append(Self.invalid)
            }
            high = nil
        default:
            if high != nil { decoded.append(Self.invalid) }
            high = nil
            UTF8Bytes.append(unit, to: &decoded)
        }
    }
}
