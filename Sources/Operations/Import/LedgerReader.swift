import Dunning
import Files

/// Reads a file row by row by a mapping; memory depends on the limits alone.
struct LedgerReader {
    private var records: RecordReader
    private var parser: RowParser
    private var record = Record()

    /// Reads as much as tells what the file is.
    ///
    /// Throws ``Rejection`` when the file as a whole cannot be used, among others when a mapped column is missing, and
    /// what the source throws.
    /// - Parameter today: in the brand's zone.
    init(
        _ source: ByteSource, mapping: ImportMapping, today: Day, limits: FileLimits = FileLimits()
    ) throws {
        do {
            records = try RecordReader(source, mapping.form(limits))
        } catch let error as FileError {
            throw Rejection.invalid("", error.code.rawValue, error.description)
        }
        parser = try RowParser(mapping, columns: records.columns, today: today)
    }

    /// The next row with what is wrong in it; `nil` at the end of the file.
    ///
    /// Throws ``FileError`` when nothing behind this place can be read, and what the source throws.
    mutating func next() throws -> (row: LedgerRow, problems: [ImportProblem])? {
        guard try records.next(into: &record) else { return nil }
        return parser.row(record)
    }
}
