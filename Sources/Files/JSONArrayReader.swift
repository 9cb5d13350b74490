/// Reads the objects of a JSON array that a record has as its text (``Record/Kind/json``).
package struct JSONArrayReader {
    private var parser: JSONLineParser
    private let fields: Int

    /// - Parameter paths: the keys that are read of each object.
    package init(paths: [String]) {
        parser = JSONLineParser(paths: paths, keyLimit: FileLimits().columns)
        fields = paths.count
    }

    /// One record an object, in their order; `nil` when the text is not an array of objects, or one of them has a key
    /// twice.
    package mutating func records(in array: ArraySlice<UInt8>) -> [Record]? {
        var rest = array
        guard rest.popFirst() == UInt8(ascii: "[") else { return nil }
        var line = Array(rest)
        return parser.readArray(&line, fields: fields)
    }
}

extension JSONLineParser {
    /// What stands behind the opening bracket.
    fileprivate mutating func readArray(_ line: inout [UInt8], fields: Int) -> [Record]? {
        begin(&line)
        defer { end(&line) }
        var records: [Record] = []
        do throws(Flaw) {
            try skipBlanks()
            if text[at] == UInt8(ascii: "]") { return records }
            while text[at] == UInt8(ascii: "{") {
                var record = Record()
                record.clear(line: 1)
                record.reserve(fields)
                try readObject(0, depth: 2, into: &record)
                records.append(record)
                try skipBlanks()
                if text[at] == UInt8(ascii: "]") { return records }
                guard text[at] == UInt8(ascii: ",") else { return nil }
                at += 1
                try skipBlanks()
            }
            return nil
        } catch {
            return nil
        }
    }
}
