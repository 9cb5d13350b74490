/// Cuts a stream of UTF-8 into lines and reads one JSON object from each (RFC 8259).
struct JSONLineScanner {
    private var cursor: ByteCursor
    private var parser: JSONLineParser
    private let fields: Int
    private let limit: Int
    /// The next line's number.
    private(set) var line = 1
    private(set) var text: [UInt8] = []

    init(_ cursor: ByteCursor, paths: [String], limits: FileLimits) {
        self.cursor = cursor
        parser = JSONLineParser(paths: paths, keyLimit: limits.columns)
        fields = paths.count
        limit = limits.record
    }

    /// Fills `record`; `false` at the end of the file. Blank lines are passed over.
    mutating func next(into record: inout Record) throws -> Bool {
        while try cursor.fill() {
            let length = try takeLine()
            let number = line
            line += 1
            if length <= limit, text.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { continue }
            record.clear(line: number)
            guard length <= limit else {
                record.spoil(Fault(.lineTooLong, line: number, "the line has more than \(limit) bytes"))
                return true
            }
            record.reserve(fields)
            if let fault = parser.read(&text, line: number, into: &record) { record.spoil(fault) }
            return true
        }
        return false
    }

    /// Takes a line into ``text``, or only its length when that is beyond the limit; without the line break.
    private mutating func takeLine() throws -> Int {
        text.removeAll(keepingCapacity: true)
        var length = 0
        while try cursor.fill() {
            let rest = cursor.piece[cursor.position...]
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            length += end - rest.startIndex
            if length <= limit { text.append(contentsOf: rest[..<end]) }
            cursor.position = end
            if end < rest.endIndex {
                cursor.position += 1
                break
            }
        }
        if length <= limit, text.last == UInt8(ascii: "\r") { text.removeLast() }
        return length
    }
}
