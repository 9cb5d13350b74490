/// One record of a CSV file: where it starts, and its fields or why they could not be read.
struct CSVRecord: Equatable {
    /// The physical line on which the record starts; the first line of the file is 1.
    let line: Int
    let fields: [String]
    /// What is wrong with this record alone; its fields are then incomplete.
    let fault: CSVFault?
}

/// What is wrong with the text of a CSV file, and where.
struct CSVFault: Error, Equatable {
    enum Kind: String {
        case unclosedQuote = "unclosed_quote"
        case nul = "nul_character"
        case strayQuote = "stray_quote"
        case textAfterQuote = "text_after_quote"
        case notUTF8 = "not_utf8"
    }

    let kind: Kind
    let line: Int
    /// The field's number within its record, from 1.
    let field: Int

    var detail: String {
        switch kind {
        case .unclosedQuote: "the quotation mark opened here is never closed"
        case .nul: "the file holds a NUL character; save it as UTF-8 text"
        case .strayQuote: "a field with a quotation mark inside has to be quoted, and the mark doubled"
        case .textAfterQuote: "text follows the closing quotation mark"
        case .notUTF8: "the text is not UTF-8"
        }
    }
}

/// Reads CSV as RFC 4180 has it, record by record.
///
/// Beyond the RFC: a byte order mark is skipped, lines may end in LF or CR alone, blank lines are passed over, and the
/// delimiter may be another one. A quotation mark that is never closed and a NUL character make the rest unreadable and
/// are thrown; other faults spoil their record only.
struct CSVReader {
    private let bytes: [UInt8]
    private let delimiter: UInt8
    private var index: Int
    private var line = 1

    init(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) {
        self.bytes = bytes
        self.delimiter = delimiter
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next record, or `nil` at the end.
    mutating func next() throws(CSVFault) -> CSVRecord? {
        while index < bytes.count, skipLineBreak() {}
        guard index < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        var fault: CSVFault?
        repeat {
            let at = line
            do throws(CSVFault) {
                fields.append(try field(number: fields.count + 1))
            } catch {
                guard error.kind != .unclosedQuote, error.kind != .nul else { throw error }
                fault = fault ?? CSVFault(kind: error.kind, line: at, field: error.field)
                fields.append("")
                try skipRestOfField(number: fields.count)
            }
        } while skipDelimiter()
        _ = skipLineBreak()
        return CSVRecord(line: start, fields: fields, fault: fault)
    }

    private mutating func field(number: Int) throws(CSVFault) -> String {
        if index < bytes.count, bytes[index] == UInt8(ascii: "\"") { return try quoted(number: number) }
        let start = index
        while index < bytes.count, !endsField(bytes[index]) {
            switch bytes[index] {
            case 0: throw CSVFault(kind: .nul, line: line, field: number)
            case UInt8(ascii: "\""): throw CSVFault(kind: .strayQuote, line: line, field: number)
            default: index += 1
            }
        }
        return try text(bytes[start..<index], number: number)
    }

    private mutating func quoted(number: Int) throws(CSVFault) -> String {
        let opened = line
        var content: [UInt8] = []
        index += 1
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0: throw CSVFault(kind: .nul, line: line, field: number)
            case UInt8(ascii: "\"") where index < bytes.count && bytes[index] == UInt8(ascii: "\""):
                content.append(byte)
                index += 1
            case UInt8(ascii: "\""):
                guard index == bytes.count || endsField(bytes[index]) else {
                    throw CSVFault(kind: .textAfterQuote, line: line, field: number)
                }
                return try text(content[...], number: number)
            default:
                countLine(endingWith: byte)
                content.append(byte)
            }
        }
        throw CSVFault(kind: .unclosedQuote, line: opened, field: number)
    }

    private func text(_ content: ArraySlice<UInt8>, number: Int) throws(CSVFault) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CSVFault(kind: .notUTF8, line: line, field: number)
        }
        return text
    }

    /// After a fault: on to the end of the field as an unquoted one would end.
    private mutating func skipRestOfField(number: Int) throws(CSVFault) {
        while index < bytes.count, !endsField(bytes[index]) {
            guard bytes[index] != 0 else { throw CSVFault(kind: .nul, line: line, field: number) }
            index += 1
        }
    }

    private func endsField(_ byte: UInt8) -> Bool {
        byte == delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private mutating func skipDelimiter() -> Bool {
        guard index < bytes.count, bytes[index] == delimiter else { return false }
        index += 1
        return true
    }

    private mutating func skipLineBreak() -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r") else {
            return false
        }
        if bytes[index] == UInt8(ascii: "\r"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") {
            index += 1
        }
        index += 1
        line += 1
        return true
    }

    /// Counts lines inside a quoted field, where CRLF is one line break.
    private mutating func countLine(endingWith byte: UInt8) {
        let isLoneReturn = byte == UInt8(ascii: "\r") && (index == bytes.count || bytes[index] != UInt8(ascii: "\n"))
        if byte == UInt8(ascii: "\n") || isLoneReturn { line += 1 }
    }
}
