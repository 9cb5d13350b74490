/// Why a statement, a transaction or a connection failed; it never holds the values of a row.
package struct PostgresError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What callers tell apart.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// No connection could be opened.
        case connect
        /// The connection was lost before the commit was asked for: nothing was written.
        case connectionLost
        /// The connection was lost while the commit was on its way: it may have been written or not.
        case lostAtCommit
        /// The transaction stood in line longer than the wait limit, or the line was full.
        case busy
        /// The database was stopped before the transaction had its turn.
        case stopped
        /// The task was cancelled before the transaction had its turn.
        case cancelled
        /// The server refused a statement; see `sqlState`.
        case server
        /// A parameter or a result is not what the query's header says, or not what the caller asked for.
        case decoding
        /// A row was expected and there was none.
        case noRow
        /// At most one row was expected and there were more.
        case manyRows
        /// No query of this name is in the catalogue.
        case unknownQuery
    }

    /// What to do about it depends on this first.
    package let kind: Kind

    /// The five characters of the server's error code, where the server gave one.
    ///
    /// A distributed server reports constraint violations as `XX000`; they stand here as the `23…` code they mean.
    package let sqlState: String?

    /// The violated constraint, without the shard number a distributed server appends: a trailing `_` and digits are
    /// cut off.
    package let constraint: String?

    /// The server's primary message or our own; without the DETAIL, and without input values in data exceptions (class
    /// 22).
    package let message: String

    /// The name of the query that failed.
    package let query: String?

    init(_ kind: Kind, sqlState: String? = nil, constraint: String? = nil, _ message: String, query: String? = nil) {
        self.kind = kind
        self.sqlState = sqlState
        self.constraint = constraint
        self.message = message
        self.query = query
    }

    /// One word out of a bounded set, fit to be the label of a metric.
    package var label: String {
        guard kind == .server else { return kind.rawValue }
        guard let sqlState else { return "server" }
        return Self.words[sqlState] ?? "class_\(sqlState.prefix(2).lowercased())"
    }

    package var description: String {
        let place = query.map { " in \($0)" } ?? ""
        let code = sqlState.map { " (\($0))" } ?? ""
        return "\(kind.rawValue)\(place)\(code): \(message)"
    }

    private static let words = [
        "23502": "not_null_violation", "23503": "foreign_key_violation", "23505": "unique_violation",
        "23514": "check_violation", "25006": "read_only_transaction", "40001": "serialization_failure",
        "40P01": "deadlock", "42501": "insufficient_privilege", "53300": "too_many_connections",
        "55P03": "lock_not_available", "57014": "query_cancelled",
    ]
}

extension PostgresError {
    /// The text at hand is no value of `type`; the text itself stays out of the error.
    package static func undecodable(_ type: String) -> PostgresError {
        PostgresError(.decoding, "the text is no \(type)")
    }

    static func copyIsNotSpoken(in query: String?) -> PostgresError {
        PostgresError(.server, "a COPY cannot be run as a query", query: query)
    }

    /// The same error, telling in which line of a file it happened.
    func inLine(_ line: Int) -> PostgresError {
        PostgresError(kind, sqlState: sqlState, constraint: constraint, "\(message), line \(line)", query: query)
    }

    /// Whether the transaction lost against another one and is to be run again.
    var isLostRace: Bool { sqlState == "40001" || sqlState == "40P01" }

    /// Whether what the server kept for us is not there, is there already, or no longer fits the tables.
    var isLostPlan: Bool { ["26000", "42P05", "0A000"].contains(sqlState) }

    /// Whether a lock was not had within `lock_timeout`, or at once under NOWAIT.
    var isLockTimeout: Bool { sqlState == "55P03" }
}
