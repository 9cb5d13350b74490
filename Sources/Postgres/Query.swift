/// One named statement of `sql/queries` with the contract its header states.
///
/// ```sql
/// -- name: enrolment_open(tenant uuid, customer uuid, until date?)
/// --+ -> enrolment_id uuid, note text?
/// -- Why it exists.
/// select …
/// ```
package struct Query: Sendable, Hashable {
    /// A parameter (`$1` is the first) or a column of the result.
    package struct Field: Sendable, Hashable {
        /// Parameters are bound by position; for them the name serves error messages. Columns are read by it.
        package let name: String
        /// Sent with a parameter, so that the server does not guess.
        package let type: PostgresType
        /// `?` in the header. NULL in any other field is an error.
        package let nullable: Bool

        package init(name: String, type: PostgresType, nullable: Bool) {
            self.name = name
            self.type = type
            self.nullable = nullable
        }
    }

    /// What callers say, unique in a ``Catalogue``.
    package let name: String
    /// The statement, without the header and the comment that follows it.
    package let text: String
    /// In the order of `$1`, `$2` and so on.
    package let parameters: [Field]
    /// In the order of the result; empty when the query returns no rows that anybody reads.
    package let columns: [Field]

    /// Reads one query, header first. Throws ``QueryError`` when the header or the statement is not as it must be.
    package init(parsing source: String) throws(QueryError) {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0.hasPrefix(QueryHeader.opening) }) else {
            throw QueryError(query: nil, "a query starts with `-- name: query_name(parameters)`")
        }
        guard lines[..<start].allSatisfy(isCommentOrBlank) else {
            throw QueryError(query: nil, "a statement stands above the first `-- name:`")
        }
        let rest = lines[(start + 1)...]
        let continuation = rest.prefix { $0.hasPrefix(QueryHeader.continuation) }
        let signature =
            ([lines[start].dropFirst(QueryHeader.opening.count)]
            + continuation.map { $0.dropFirst(QueryHeader.continuation.count) }).joined(separator: " ")
        let header = try QueryHeader(parsing: signature)
        let body = rest.dropFirst(continuation.count).drop(while: isCommentOrBlank)
        if let late = body.first(where: { $0.hasPrefix(QueryHeader.opening) || $0.hasPrefix(QueryHeader.continuation) })
        {
            throw QueryError(query: header.name, "a header line stands inside the statement: \(late)")
        }
        let text = body.reversed().drop { $0.allSatisfy(\.isWhitespace) }.reversed().joined(separator: "\n")
        guard !text.isEmpty else { throw QueryError(query: header.name, "there is no statement below the header") }
        self.init(name: header.name, text: text, parameters: header.parameters, columns: header.columns)
    }

    private init(name: String, text: String, parameters: [Field], columns: [Field]) {
        self.name = name
        self.text = text
        self.parameters = parameters
        self.columns = columns
    }
}

extension Query {
    /// For the few statements this module sends on its own behalf.
    static func own(_ text: String, parameters: [Field] = []) -> Query {
        Query(name: text, text: text, parameters: parameters, columns: [])
    }
}

/// A query file that does not keep the form; only ever seen while a program starts.
package struct QueryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The query's name, once it was read.
    package let query: String?
    /// What is wrong, quoting the file.
    package let reason: String

    init(query: String?, _ reason: String) {
        self.query = query
        self.reason = reason
    }

    package var description: String { query.map { "query \($0): \(reason)" } ?? reason }
}

private func isCommentOrBlank(_ line: Substring) -> Bool {
    let content = line.drop(while: \.isWhitespace)
    return content.isEmpty || content.hasPrefix("--") && !content.hasPrefix(QueryHeader.continuation)
}
