/// One row of a result, read by the column names of the query's header.
///
/// ```swift
/// let stage: Int = try row("stage")
/// let note: String? = try row.optional("note")
/// ```
package struct Row: Sendable {
    private let query: String
    private let columns: [Query.Field]
    private let cells: [String?]

    init(query: String, columns: [Query.Field], cells: [String?]) {
        self.query = query
        self.columns = columns
        self.cells = cells
    }

    /// The value of a column. Throws ``PostgresError`` of kind `decoding` for NULL, for a name that is not in the
    /// header, and for text that is no `T`.
    package func callAsFunction<T: PostgresValue>(_ column: String) throws(PostgresError) -> T {
        guard let value: T = try optional(column) else {
            throw PostgresError(.decoding, "column \(column) is NULL", query: query)
        }
        return value
    }

    /// The value of a column that may be NULL. Throws as the plain form does, but for NULL.
    package func optional<T: PostgresValue>(_ column: String) throws(PostgresError) -> T? {
        guard let index = columns.firstIndex(where: { $0.name == column }) else {
            throw PostgresError(.decoding, "there is no column \(column)", query: query)
        }
        guard let text = cells[index] else { return nil }
        do {
            return try T(postgresText: text)
        } catch {
            throw PostgresError(.decoding, "column \(column): \(error.message)", query: query)
        }
    }
}
