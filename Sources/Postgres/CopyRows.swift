/// Rows on their way into a table, laid out in the text format of COPY.
///
/// The columns of a row are added one after the other, in the order the statement names them, and closed by
/// ``endRow()``. Any byte that means something to the format is escaped. A NUL character and a row of another number of
/// columns are remembered and end the copy.
package struct CopyRows {
    /// What is not sent yet.
    private(set) var bytes: [UInt8] = []
    /// Why the rows cannot be sent.
    private(set) var flaw: PostgresError?
    /// How many rows were closed.
    package private(set) var count = 0

    private let query: String
    private let columns: Int
    private var column = 0

    init(columns: Int, of query: String) {
        self.columns = columns
        self.query = query
        bytes.reserveCapacity(Self.portion * 2)
    }

    /// Rows made apart from any transaction, to be sent as a whole, more than once if need be.
    /// - Parameter capacity: about how many bytes they will take.
    package init(columns: Int, capacity: Int) {
        self.columns = columns
        query = "rows made ahead"
        bytes.reserveCapacity(capacity)
    }

    /// How many bytes they take so far.
    package var size: Int { bytes.count }

    /// How many bytes are sent at once, about.
    static let portion = 65_536

    /// `nil` is NULL; the empty text is a text.
    package mutating func text(_ text: String?) {
        begin()
        guard var text else { return null() }
        text.withUTF8 { escape($0) }
    }

    /// A text given as its bytes; the server refuses what is not UTF-8.
    package mutating func text(utf8 text: ArraySlice<UInt8>) {
        begin()
        text.withUnsafeBufferPointer { escape($0) }
    }

    /// `nil` is NULL.
    package mutating func integer(_ value: (some FixedWidthInteger)?) {
        begin()
        guard let value else { return null() }
        let start = bytes.count
        var rest = value.magnitude
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes.append(UInt8(ascii: "0") + UInt8(digit))
            rest = quotient
        } while rest > 0
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes[start...].reverse()
    }

    /// Any other value; `nil` is NULL.
    package mutating func value(_ value: (any PostgresValue)?) {
        text(value?.postgresText)
    }

    /// Closes the row.
    package mutating func endRow() {
        if column != columns {
            flaw = flaw ?? error("row \(count + 1) has \(column) columns of \(columns)")
        }
        bytes.append(UInt8(ascii: "\n"))
        column = 0
        count += 1
    }

    /// Throws what is wrong with the rows so far; at the end, an open row is wrong too.
    func check(isEnd: Bool) throws(PostgresError) {
        if let flaw { throw flaw }
        if isEnd, column > 0 { throw error("row \(count + 1) was not ended") }
    }

    /// Takes over rows that were made apart.
    mutating func append(_ rows: CopyRows) {
        flaw = flaw ?? rows.flaw
        if rows.columns != columns {
            flaw = flaw ?? error("rows of \(rows.columns) columns where \(columns) are copied")
        }
        bytes += rows.bytes
        count += rows.count
    }

    mutating func removeSent() { bytes.removeAll(keepingCapacity: true) }

    private mutating func begin() {
        if column > 0 { bytes.append(UInt8(ascii: "\t")) }
        column += 1
    }

    private mutating func null() {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: "N"))
    }

    /// Plain stretches are copied as a whole; what the format gives a meaning gets a backslash.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var plain = 0
        for (index, byte) in text.enumerated() where byte <= UInt8(ascii: "\\") {
            let letter: UInt8
            switch byte {
            case UInt8(ascii: "\\"): letter = byte
            case UInt8(ascii: "\n"): letter = UInt8(ascii: "n")
            case UInt8(ascii: "\r"): letter = UInt8(ascii: "r")
            case UInt8(ascii: "\t"): letter = UInt8(ascii: "t")
            case 0:
                flaw = flaw ?? error("column \(column) of row \(count + 1) holds a NUL character")
                continue
            default: continue
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plain..<index]))
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(letter)
            plain = index + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[plain...]))
    }

    private func error(_ message: String) -> PostgresError { PostgresError(.decoding, message, query: query) }
}
