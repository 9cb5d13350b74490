import Foundation

/// A table of evidence as CSV (RFC 4180). A text that a spreadsheet would run as a formula gets an apostrophe before it.
struct EvidenceTable {
    private var text: String

    init(_ columns: [String], _ lines: [[String]] = []) {
        text = Self.line(columns)
        for line in lines { add(line) }
    }

    mutating func add(_ cells: [String]) { text += Self.line(cells.map(Self.harmless)) }

    var bytes: [UInt8] { Array(text.utf8) }

    private static func line(_ cells: [String]) -> String {
        cells.map { cell in
            let needsQuotes = cell.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
            return needsQuotes ? "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : cell
        }.joined(separator: ",") + "\r\n"
    }

    private static func harmless(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first),
            text.wholeMatch(of: /[-+]?[0-9]+(\.[0-9]+)?/) == nil
        else { return text }
        return "'" + text
    }
}
