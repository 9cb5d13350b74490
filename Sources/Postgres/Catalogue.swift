/// All queries of a program, found by name.
package struct Catalogue: Sendable {
    private let queries: [String: Query]

    /// Reads query files, each holding any number of queries.
    ///
    /// Throws ``QueryError`` for a malformed header and for a name that is there twice, be it in two files.
    package init(_ texts: [String]) throws(QueryError) {
        var queries: [String: Query] = [:]
        for text in texts {
            for part in Self.parts(of: text) {
                let query = try Query(parsing: part)
                guard queries.updateValue(query, forKey: query.name) == nil else {
                    throw QueryError(query: query.name, "there are two queries of this name")
                }
            }
        }
        self.queries = queries
    }

    /// `nil` when no file has a query of this name.
    package subscript(name: String) -> Query? { queries[name] }

    /// In alphabetical order.
    package var names: [String] { queries.keys.sorted() }

    /// A part starts at each `-- name:`; what stands above the first belongs to it, so that a lost statement is found.
    private static func parts(of text: String) -> [String] {
        var parts: [[Substring]] = [[]]
        var hasHeader = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(QueryHeader.opening) {
                if hasHeader { parts.append([]) }
                hasHeader = true
            }
            parts[parts.count - 1].append(line)
        }
        let isEmpty = !hasHeader && text.allSatisfy(\.isWhitespace)
        return isEmpty ? [] : parts.map { $0.joined(separator: "\n") }
    }
}
