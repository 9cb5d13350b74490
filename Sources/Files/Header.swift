/// The first line of a CSV file: what delimits it, and what its columns are called.
enum Header {
    /// The candidate the line has most of, outside quotation marks; a comma where it has none of them.
    static func delimiter(of line: ArraySlice<UInt8>) throws(FileError) -> UInt8 {
        let candidates = Array(",;\t|".utf8)
        var counts = candidates.map { _ in 0 }
        var isQuoted = false
        for byte in line {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard !isQuoted, let index = candidates.firstIndex(of: byte) else { continue }
            counts[index] += 1
        }
        let most = counts.max() ?? 0
        let best = zip(candidates, counts).filter { $0.1 == most }.map(\.0)
        guard most == 0 || best.count == 1 else {
            throw FileError(
                .delimiterUnclear, line: 1, "the header has as many of one delimiter as of another; declare which it is"
            )
        }
        return most == 0 ? UInt8(ascii: ",") : best[0]
    }

    /// Names without blanks at their ends; a line break within one is a blank. Several columns without a name are none that could be meant; other names
    /// stand there once.
    static func names(of record: Record, limit: Int) throws(FileError) -> [String] {
        if let fault = record.fault {
            guard fault.code != .tooManyColumns else {
                throw FileError(
                    .tooManyColumns, line: record.line, "the header has more than the \(limit) columns allowed")
            }
            throw FileError(.header, line: fault.line, "the header cannot be read: \(fault.message)")
        }
        var names: [String] = []
        var seen: Set<String> = []
        for column in 0..<record.count {
            let name = shown(record.text(column))
            guard name.unicodeScalars.count <= nameLimit else {
                throw FileError(
                    .header, line: record.line, "the name of column \(column + 1) has more than \(nameLimit) characters"
                )
            }
            guard name.isEmpty || seen.insert(name).inserted else {
                throw FileError(
                    .doubledColumn, line: record.line, "the header has the column \(name.prefix(60)) more than once")
            }
            names.append(name)
        }
        return names
    }

    /// Names stand in messages, so they are short and hold nothing that moves a cursor or turns the direction of
    /// writing: line breaks, which spreadsheets have in their headers, become blanks.
    private static func shown(_ name: String) -> String {
        var shown = ""
        for scalar in name.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: shown += " "
            default: shown.unicodeScalars.append(scalar)
            }
        }
        var rest = shown[...].drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    private static let nameLimit = 200
}
