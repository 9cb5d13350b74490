import Foundation
package import Store

/// The report on an import's rows as a file.
package enum ImportErrorFile: String, Sendable, CaseIterable {
    case csv, ndjson

    package var header: String { self == .csv ? "row,line,column,field,code,message\r\n" : "" }

    /// One problem, with its line break.
    package func line(_ error: ImportErrorRecord) -> String {
        switch self {
        case .csv:
            let texts = [error.column ?? "", error.field, error.code, error.message].map(Self.cell)
            return "\(error.row),\(error.line),\(texts.joined(separator: ","))\r\n"
        case .ndjson:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let line = Line(
                row: error.row, line: error.line, column: error.column, field: error.field, code: error.code,
                message: error.message)
            do {
                return String(decoding: try encoder.encode(line), as: UTF8.self) + "\n"
            } catch {
                preconditionFailure("texts and numbers always encode: \(error)")
            }
        }
    }

    private struct Line: Encodable {
        let row: Int
        let line: Int
        let column: String?
        let field: String
        let code: String
        let message: String
    }

    /// Quoted, and never a formula: names of columns are the file's own words.
    private static func cell(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? false
        return "\"" + (isFormula ? "'" : "") + text.replacing("\"", with: "\"\"") + "\""
    }
}
