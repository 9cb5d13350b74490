/// Cuts a stream of UTF-8 into the records of RFC 4180.
///
/// Beyond the RFC: lines may end in LF or CR alone, blank lines are passed over, the delimiter may be another byte.
/// A fault never changes how the rest is cut: text inside quotation marks is not taken for records, whatever is wrong
/// around it. So a mark that is never closed hides everything behind it.
struct CSVScanner {
    private var cursor: ByteCursor
    private let delimiter: UInt8
    private let limit: Int
    /// The next line's number.
    private(set) var line = 1
    /// Bytes of the record at hand.
    private var length = 0

    init(_ cursor: ByteCursor, delimiter: UInt8, limit: Int) {
        self.cursor = cursor
        self.delimiter = delimiter
        self.limit = limit
    }

    private enum Ending { case delimiter, line, file }

    /// Fills `record`; `false` at the end of the file.
    /// - Parameter columns: how many fields are kept; a record that has more is at fault.
    mutating func next(into record: inout Record, columns: Int, header: [String]) throws -> Bool {
        while let byte = try cursor.peek(), isLineBreak(byte) { try takeLineBreak() }
        guard try cursor.fill() else { return false }
        record.clear(line: line)
        length = 0
        var column = 0
        while true {
            column += 1
            let name = column <= header.count ? header[column - 1] : nil
            let ending = try takeField(column, name, into: &record)
            if record.fault == nil {
                if column <= columns { record.endField() } else { record.fault = tooMany(column, record, header) }
            }
            if ending == .delimiter { continue }
            if record.fault == nil, !header.isEmpty, column < header.count {
                record.fault = tooFew(column, record, header, isLast: ending == .file)
            }
            if let fault = record.fault { record.spoil(fault) }
            return true
        }
    }

    private mutating func takeField(_ column: Int, _ name: String?, into record: inout Record) throws -> Ending {
        guard let first = try cursor.peek() else { return .file }
        if first == UInt8(ascii: "\"") {
            try takeQuoted(column, name, into: &record)
            if let next = try cursor.peek(), next != delimiter, !isLineBreak(next) {
                note(.textAfterQuote, column, name, "text follows the closing quotation mark", in: &record)
            }
        }
        return try takePlain(column, name, into: &record)
    }

    /// Up to a delimiter, the end of the line or of the file.
    private mutating func takePlain(_ column: Int, _ name: String?, into record: inout Record) throws -> Ending {
        while try cursor.fill() {
            let piece = cursor.piece
            let start = cursor.position
            var end = start
            while end < piece.count, !isSpecial(piece[end]) { end += 1 }
            keep(piece[start..<end], column, name, in: &record)
            cursor.position = end
            guard end < piece.count else { continue }
            switch piece[end] {
            case delimiter:
                cursor.position += 1
                length += 1
                return .delimiter
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                try takeLineBreak()
                return .line
            case UInt8(ascii: "\""):
                note(
                    .strayQuote, column, name,
                    "a field with a quotation mark inside has to be quoted, and the mark doubled", in: &record)
            default: note(.nul, column, name, Self.nulSentence, in: &record)
            }
            cursor.position += 1
            length += 1
        }
        return .file
    }

    /// From the opening to the closing mark, or to the end of the file.
    private mutating func takeQuoted(_ column: Int, _ name: String?, into record: inout Record) throws {
        let opened = line
        cursor.position += 1
        length += 1
        while try cursor.fill() {
            let piece = cursor.piece
            let start = cursor.position
            var end = start
            while end < piece.count, !isSpecialInQuotes(piece[end]) { end += 1 }
            keep(piece[start..<end], column, name, in: &record)
            cursor.position = end
            guard end < piece.count else { continue }
            switch piece[end] {
            case UInt8(ascii: "\""):
                cursor.position += 1
                length += 1
                guard try cursor.peek() == UInt8(ascii: "\"") else { return }
                keep(cursor.piece[cursor.position...cursor.position], column, name, in: &record)
                cursor.position += 1
            case UInt8(ascii: "\n"):
                keep(piece[end...end], column, name, in: &record)
                try takeLineBreak()
            case UInt8(ascii: "\r"):
                keep(piece[end...end], column, name, in: &record)
                cursor.position += 1
                if try cursor.peek() == UInt8(ascii: "\n") {
                    keep(cursor.piece[cursor.position...cursor.position], column, name, in: &record)
                    cursor.position += 1
                }
                line += 1
            default:
                note(.nul, column, name, Self.nulSentence, in: &record)
                cursor.position += 1
                length += 1
            }
        }
        record.fault = Fault(
            .unclosedQuote, line: opened, column: column, name: name,
            "the quotation mark opened here is never closed; what follows it could not be read")
    }

    private static let nulSentence = "the text holds a NUL character; save the file as UTF-8 text"

    private func isSpecial(_ byte: UInt8) -> Bool {
        if byte == delimiter { return true }
        guard byte <= UInt8(ascii: "\"") else { return false }
        return byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == 0
    }

    private func isSpecialInQuotes(_ byte: UInt8) -> Bool {
        guard byte <= UInt8(ascii: "\"") else { return false }
        return byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == 0
    }

    /// Keeps some of a field, unless the record is at fault or becomes too long.
    private mutating func keep(
        _ some: ArraySlice<UInt8>, _ column: Int, _ name: String?, in record: inout Record
    ) {
        length += some.count
        guard record.fault == nil else { return }
        guard length <= limit else {
            let sentence = "the record has more than \(limit) bytes"
            return note(.lineTooLong, column, name, sentence, in: &record)
        }
        record.append(some)
    }

    private func note(
        _ code: Fault.Code, _ column: Int, _ name: String?, _ message: String, in record: inout Record
    ) {
        record.fault = record.fault ?? Fault(code, line: line, column: column, name: name, message)
    }

    private mutating func takeLineBreak() throws {
        let byte = cursor.piece[cursor.position]
        cursor.position += 1
        if byte == UInt8(ascii: "\r"), try cursor.peek() == UInt8(ascii: "\n") { cursor.position += 1 }
        line += 1
    }

    private func tooMany(_ column: Int, _ record: Record, _ header: [String]) -> Fault {
        guard !header.isEmpty else {
            return Fault(.tooManyColumns, line: record.line, column: column, "the header has too many columns")
        }
        return Fault(
            .fieldCount, line: record.line, column: column, "the row has more fields than the header, \(header.count)")
    }

    private func tooFew(_ column: Int, _ record: Record, _ header: [String], isLast: Bool) -> Fault {
        let cut = isLast ? "; the file seems to be cut off here" : ""
        return Fault(
            .fieldCount, line: record.line, column: column + 1, name: header[column],
            "the row has \(column) fields where the header has \(header.count)\(cut)")
    }
}
