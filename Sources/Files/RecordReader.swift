/// Reads a file record by record: compressed or not, in any declared encoding, CSV or NDJSON, with memory that depends
/// on the limits alone.
///
/// ```swift
/// var reader = try RecordReader(ByteSource(file), FileForm(.csv(delimiter: nil)))
/// var record = Record()
/// while try reader.next(into: &record) { … }
/// ```
package struct RecordReader {
    /// The columns in the order of a record's fields: the names of the header, or the paths that were asked for.
    package let columns: [String]
    /// The delimiter of a CSV file, found or declared.
    package let delimiter: UInt8?

    // One of the two; apart, so that each is changed in its place.
    private var csv: CSVScanner?
    private(set) var json: JSONLineScanner?
    private let encoding: TextEncoding
    private var number = 0

    /// Reads as much as tells what the file is. Throws ``FileError``, and what the source throws.
    package init(_ source: ByteSource, _ form: FileForm) throws {
        var plain = PeekedSource(source)
        if try plain.peek(2).elementsEqual([0x1F, 0x8B]) {
            let gunzip = Gunzip(plain, limits: form.limits)
            plain = PeekedSource(ByteSource { try gunzip.next() })
        }
        let isEmpty = try plain.peek(1).isEmpty
        var cursor = ByteCursor(try TextDecoder(plain, declared: form.encoding))
        encoding = form.encoding
        switch form.layout {
        case .ndjson(let paths):
            columns = paths
            delimiter = nil
            json = JSONLineScanner(cursor, paths: paths, limits: form.limits)
        case .csv(let declared):
            guard !isEmpty else { throw Self.empty }
            let delimiter = try declared ?? Header.delimiter(of: cursor.peekLine(upTo: form.limits.record))
            var csv = CSVScanner(cursor, delimiter: delimiter, limit: form.limits.record)
            var header = Record()
            guard try csv.next(into: &header, columns: form.limits.columns, header: []) else { throw Self.empty }
            header.checkEncoding([], declared: form.encoding)
            columns = try Header.names(of: header, limit: form.limits.columns)
            self.delimiter = delimiter
            self.csv = csv
        }
    }

    private static let empty = FileError(.empty, "the file is empty; its first line names the columns")

    /// Fills `record` with the next one, good or at fault; `false` at the end of the file.
    ///
    /// Throws ``FileError`` when nothing behind this place can be read, naming the line, and what the source throws.
    package mutating func next(into record: inout Record) throws -> Bool {
        do {
            guard try scan(&record) else { return false }
        } catch let error as FileError {
            throw error.inLine(line)
        }
        number += 1
        record.number = number
        if record.fault == nil { record.checkEncoding(columns, declared: encoding) }
        return true
    }

    /// The line the next record starts in, or one before it.
    package var line: Int { csv?.line ?? json?.line ?? 1 }

    private mutating func scan(_ record: inout Record) throws -> Bool {
        if let isThere = try csv?.next(into: &record, columns: columns.count, header: columns) { return isThere }
        return try json?.next(into: &record) ?? false
    }
}

extension Record {
    fileprivate mutating func checkEncoding(_ columns: [String], declared: TextEncoding) {
        guard let (field, offset, byte) = firstInvalidField() else { return }
        let name = field < columns.count ? columns[field] : nil
        let what: String
        switch declared {
        case .auto:
            what =
                "is not UTF-8: declare the encoding of the file, such as windows-1252 or iso-8859-1, or save it as UTF-8"
        default: what = "is not \(declared.rawValue), which the file is declared to be"
        }
        let digits = String(byte, radix: 16, uppercase: true)
        let shown = byte == TextDecoder.invalid ? "" : ", \(digits)"
        spoil(
            Fault(
                .encoding, line: line, column: field + 1, name: name, "byte \(offset + 1) of the field\(shown), \(what)"
            ))
    }
}
