/// The signature of a query: `name(parameter type, …) -> column type, …`, its lines already joined.
struct QueryHeader: Equatable {
    static let opening = "-- name:"
    static let continuation = "--+"

    var name: String
    var parameters: [Query.Field]
    var columns: [Query.Field]

    init(parsing signature: String) throws(QueryError) {
        guard let open = signature.firstIndex(of: "("),
            let close = signature[open...].firstIndex(of: ")")
        else {
            throw QueryError(
                query: nil, "no parentheses in the header `\(signature)`; without parameters it is `name()`")
        }
        name = String(Self.trimmed(signature[..<open]))
        guard Self.isIdentifier(name) else {
            throw QueryError(query: nil, "`\(name)` is no name: lower-case letters, digits and underscores")
        }
        parameters = try Self.fields(signature[signature.index(after: open)..<close], of: name, "parameter")
        let rest = Self.trimmed(signature[signature.index(after: close)...])
        if rest.isEmpty {
            columns = []
        } else {
            guard rest.hasPrefix("->") else {
                throw QueryError(query: name, "`\(rest)` follows the parameters where only `-> columns` may")
            }
            columns = try Self.fields(rest.dropFirst(2), of: name, "column")
            guard !columns.isEmpty else { throw QueryError(query: name, "no column follows `->`") }
        }
    }

    private static func fields(_ list: Substring, of query: String, _ role: String) throws(QueryError) -> [Query.Field]
    {
        guard !trimmed(list).isEmpty else { return [] }
        var fields: [Query.Field] = []
        for item in list.split(separator: ",", omittingEmptySubsequences: false) {
            let words = item.split(whereSeparator: \.isWhitespace)
            guard words.count == 2, isIdentifier(words[0]) else {
                throw QueryError(query: query, "`\(trimmed(item))` is no \(role): a name and a type")
            }
            let nullable = words[1].hasSuffix("?")
            guard let type = PostgresType(nullable ? words[1].dropLast() : words[1]) else {
                throw QueryError(query: query, "\(role) \(words[0]) has the unknown type `\(words[1])`")
            }
            guard !fields.contains(where: { $0.name == words[0] }) else {
                throw QueryError(query: query, "\(role) \(words[0]) is there twice")
            }
            fields.append(Query.Field(name: String(words[0]), type: type, nullable: nullable))
        }
        return fields
    }

    private static func isIdentifier(_ name: some StringProtocol) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_") }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var rest = text.drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
