import CPostgres

/// One direct connection for the operator's own statements: migrations, the instance row, making databases for tests.
///
/// Synchronous: it blocks the calling thread, which must not be one of Swift's cooperative pool. Not for a request's
/// path; there is no catalogue and no tenant here.
package struct AdminSession: ~Copyable {
    private var connection: Connection

    /// Connects. The URL must lead to the server itself: a pooler in between would lend its session to others.
    /// Throws ``PostgresError`` of kind `connect`.
    package init(url: String, user: String? = nil, password: String? = nil) throws(PostgresError) {
        connection = try Connection(
            ConnectionTarget(
                url: url, user: user, password: password, applicationName: "recoup-admin", connectTimeout: .seconds(10))
        )
    }

    /// Runs any number of statements by the simple protocol; the rows of the last, as text.
    ///
    /// Throws ``PostgresError``, its message ending in the line of `text` where the server found the error.
    @discardableResult
    package mutating func run(_ text: String) throws(PostgresError) -> [[String?]] {
        cells(of: try connection.executeSimple(text))
    }

    /// Runs one statement with parameters, whose types the server infers; its rows as text. Throws ``PostgresError``.
    @discardableResult
    package mutating func run(
        _ text: String, with parameters: (any PostgresValue)?...
    ) throws(PostgresError) -> [[String?]] {
        cells(of: try connection.execute(text, try Arguments(untyped: parameters)))
    }

    /// Runs `body` between `begin` and `commit`, or `rollback` when it throws.
    ///
    /// Throws what `body` throws, and ``PostgresError`` when the transaction is not open any more at the end of `body`.
    package mutating func transaction(_ body: (inout AdminSession) throws -> Void) throws {
        try run("begin")
        do {
            try body(&self)
            try requireTransaction()
            try run("commit")
        } catch {
            // A lost connection has rolled back already; the first error is the one to tell.
            _ = try? run("rollback")
            throw error
        }
    }

    /// Throws when the statements so far ended the transaction they were to run in.
    func requireTransaction() throws(PostgresError) {
        guard connection.isInTransaction else {
            throw PostgresError(.server, "the statements end the transaction they run in")
        }
    }

    /// `text` as a literal, quotes included. Throws ``PostgresError`` when it is no text in the connection's encoding.
    package func literal(_ text: String) throws(PostgresError) -> String {
        try taken(PQescapeLiteral(connection.raw, text, text.utf8.count), "literal")
    }

    /// `name` as an identifier, quotes included. Throws ``PostgresError`` as ``literal(_:)`` does.
    package func identifier(_ name: String) throws(PostgresError) -> String {
        try taken(PQescapeIdentifier(connection.raw, name, name.utf8.count), "identifier")
    }

    /// What the server would store for this password, so that the password itself reaches neither the wire nor a log.
    func verifier(of password: String, for role: String) throws(PostgresError) -> String {
        try taken(PQencryptPasswordConn(connection.raw, password, role, nil), "password")
    }

    private func taken(_ text: UnsafeMutablePointer<CChar>?, _ what: String) throws(PostgresError) -> String {
        guard let text else { throw PostgresError(.decoding, "this text cannot be a \(what)") }
        defer { PQfreemem(text) }
        return String(cString: text)
    }

    private func cells(of result: consuming ServerResult) -> [[String?]] {
        let result = result
        return (0..<result.rowCount).map { row in
            (0..<result.columnCount).map { result.text(row: row, column: $0) }
        }
    }
}
