/// What is wrong with one record; the reading goes on behind it.
package struct Fault: Hashable, Sendable {
    /// A bounded set, told to the outside.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case lineTooLong = "line_too_long"
        case nul = "nul_character"
        case encoding = "wrong_encoding"
        case strayQuote = "stray_quote"
        case textAfterQuote = "text_after_quote"
        case unclosedQuote = "unclosed_quote"
        case fieldCount = "wrong_field_count"
        case tooManyColumns = "too_many_columns"
        case malformed = "malformed_json"
        case notAnObject = "not_an_object"
        case incomplete = "incomplete_json"
        case doubledKey = "doubled_key"
        case tooDeep = "too_deep"
    }

    /// Where the record or, inside a record of several lines, the faulty field starts; the first line of a file is 1.
    package let line: Int
    /// The number of the field within its record, from 1, where one field is at fault.
    package let column: Int?
    /// The column's name or JSON path, where there is one.
    package let name: String?
    package let code: Code
    /// A sentence without the field's text.
    package let message: String

    init(_ code: Code, line: Int, column: Int? = nil, name: String? = nil, _ message: String) {
        self.code = code
        self.line = line
        self.column = column
        self.name = name
        self.message = message
    }
}

/// Why a file cannot be read at all, or not beyond this place.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A bounded set, told to the outside.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case empty = "empty_file"
        case notText = "not_text"
        case gzipDamaged = "gzip_damaged"
        case gzipCut = "gzip_cut"
        case gzipBomb = "gzip_bomb"
        case encodingUnclear = "encoding_unclear"
        case encodingMismatch = "encoding_mismatch"
        case delimiterUnclear = "delimiter_unclear"
        case header = "malformed_header"
        case doubledColumn = "doubled_column"
        case tooManyColumns = "too_many_columns"
    }

    package let code: Code
    /// The line the reading stopped in, where it had begun.
    package private(set) var line: Int?
    package let message: String

    init(_ code: Code, line: Int? = nil, _ message: String) {
        self.code = code
        self.line = line
        self.message = message
    }

    package var description: String { line.map { "line \($0): \(message)" } ?? message }

    func inLine(_ line: Int) -> FileError {
        var error = self
        error.line = error.line ?? line
        return error
    }
}
