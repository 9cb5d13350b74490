import Foundation

/// Objects as the lines of a table: RFC 4180, with a column for every member, that of a nested object under a dotted name.
///
/// A spreadsheet runs a text that begins like a formula, so such a text gets an apostrophe before it; numbers stay numbers.
/// An array is one cell of JSON.
struct Table: Sendable {
    let csv: String

    init(_ objects: [JSONValue]) {
        var columns: [String] = []
        var known: Set<String> = []
        let lines = objects.map { object in
            var cells: [String: String] = [:]
            for (name, value) in Self.cells(of: object, below: "") {
                if known.insert(name).inserted { columns.append(name) }
                cells[name] = value
            }
            return cells
        }
        // The identifier first, for people; the others as they come: in the order of their names.
        if let place = columns.firstIndex(of: "id") { columns.insert(columns.remove(at: place), at: 0) }
        let rows = [columns.map(Self.quoted)] + lines.map { cells in columns.map { cells[$0] ?? "" } }
        csv = objects.isEmpty ? "" : rows.map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    private static func cells(of value: JSONValue, below name: String) -> [(String, String)] {
        switch value {
        case .object(let members):
            members.flatMap { cells(of: $0.value, below: name.isEmpty ? $0.name : "\(name).\($0.name)") }
        case .null: [(name, "")]
        case .bool(let flag): [(name, flag ? "true" : "false")]
        case .number(let digits): [(name, digits)]
        case .string(let text): [(name, quoted(harmless(text)))]
        case .array: [(name, quoted(value.canonical))]
        }
    }

    /// No text that a spreadsheet would take for a formula.
    private static func harmless(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first), !isNumber(text)
        else { return text }
        return "'" + text
    }

    /// Digits with a sign and a dot, such as amounts are.
    private static func isNumber(_ text: String) -> Bool {
        text.wholeMatch(of: /[-+]?[0-9]+(\.[0-9]+)?/) != nil
    }

    private static func quoted(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
