import CPostgres

/// One open connection. It lives and dies on the thread that opened it; being noncopyable, nobody else can hold it.
struct Connection: ~Copyable {
    let raw: OpaquePointer

    /// Set when the protocol is not where it should be; the connection must then serve no further transaction.
    private var isSpoilt = false

    /// What the server keeps for us.
    var plans: KeptPlans

    /// Connects, which blocks up to the target's timeout for each address. Throws ``PostgresError`` of kind `connect`.
    ///
    /// - Parameter keepsPlans: whether statements may be prepared; only a connection that nobody pools does so.
    init(_ target: ConnectionTarget, keepsPlans: Bool = false) throws(PostgresError) {
        guard target.isWellFormed else {
            // Not libpq's message: it repeats the text, and the password in it.
            throw PostgresError(.connect, "the database URL is neither a URI nor a list of keyword=value")
        }
        guard let raw = target.withKeywords({ PQconnectdbParams($0, $1, 1) }) else {
            throw PostgresError(.connect, "no memory for a connection")
        }
        guard PQstatus(raw) == CONNECTION_OK else {
            let message = oneLine(PQerrorMessage(raw))
            PQfinish(raw)
            throw PostgresError(.connect, message)
        }
        // Dates are read in the ISO form; a role or server set to another would be misread, so it is refused at once.
        let style = PQparameterStatus(raw, "DateStyle").map { String(cString: $0) }
        guard style?.hasPrefix("ISO") != false else {
            PQfinish(raw)
            throw PostgresError(.connect, "DateStyle of the server or role must be ISO")
        }
        // Notices may quote rows and would go to standard error.
        PQsetNoticeReceiver(raw, { _, _ in }, nil)
        self.raw = raw
        plans = KeptPlans(isAllowed: keepsPlans && Self.isDirect(raw))
    }

    /// Whether the server's process is the one that was named when we connected. A pooler makes up a number of its own, and
    /// what one of its clients prepares is not there when another process serves the next transaction.
    private static func isDirect(_ raw: OpaquePointer) -> Bool {
        guard let result = ServerResult(PQexec(raw, "select pg_catalog.pg_backend_pid()")), result.rowCount == 1 else {
            return false
        }
        return result.text(row: 0, column: 0) == String(PQbackendPID(raw))
    }

    deinit { PQfinish(raw) }

    var isLost: Bool { PQstatus(raw) == CONNECTION_BAD }

    /// Whether a new transaction may start here.
    var isIdle: Bool { !isSpoilt && !isLost && PQtransactionStatus(raw) == PQTRANS_IDLE }

    /// Whether a transaction is open that has not failed.
    var isInTransaction: Bool { PQtransactionStatus(raw) == PQTRANS_INTRANS }

    mutating func spoil() { isSpoilt = true }

    /// Runs one statement by the extended protocol, outside a pipeline.
    mutating func execute(_ statement: Statement) throws(PostgresError) -> ServerResult {
        let arguments = statement.arguments
        if plans.isAllowed {
            try prepare(statement)
            let result = arguments.withPointers {
                PQexecPrepared(raw, statement.query.name, arguments.count, $0.values, $0.lengths, $0.formats, 0)
            }
            return try checked(ServerResult(result), in: statement.query.name)
        }
        let result = arguments.withPointers {
            PQexecParams(
                raw, statement.query.text, arguments.count, $0.types, $0.values, $0.lengths, $0.formats, 0)
        }
        return try checked(ServerResult(result), in: statement.query.name)
    }

    private mutating func prepare(_ statement: Statement) throws(PostgresError) {
        guard !plans.has(statement.query) else { return }
        let arguments = statement.arguments
        let result = arguments.withPointers {
            PQprepare(raw, statement.query.name, statement.query.text, arguments.count, $0.types)
        }
        _ = try checked(ServerResult(result), in: statement.query.name)
        plans.add(statement.query)
    }

    /// Runs `text` with parameters whose types the server infers.
    mutating func execute(_ text: String, _ arguments: Arguments) throws(PostgresError) -> ServerResult {
        let result = arguments.withPointers {
            PQexecParams(raw, text, arguments.count, $0.types, $0.values, $0.lengths, $0.formats, 0)
        }
        return try checked(ServerResult(result), in: nil)
    }

    /// Runs `text`, which may hold several statements, by the simple protocol. A refusal says in which line of `text`
    /// it is.
    mutating func executeSimple(_ text: String) throws(PostgresError) -> ServerResult {
        try checked(ServerResult(PQexec(raw, text)), in: nil, text: text)
    }

    /// Classifies what a statement ended in. Every failure on a connection that is gone is `connectionLost`, whatever
    /// the server said last: it may have said goodbye with a code of its own (57P01 at a shutdown, 25P03 after idling
    /// in a transaction). A failure without a code is libpq's own: the server never refuses without one.
    func classified(_ error: PostgresError) -> PostgresError {
        let isFarewell = ["57P01", "57P02", "57P03"].contains(error.sqlState)
        guard isLost || isFarewell || error.sqlState == nil else { return error }
        return PostgresError(.connectionLost, sqlState: error.sqlState, error.message, query: error.query)
    }

    private mutating func checked(
        _ result: consuming ServerResult?, in query: String?, text: String = ""
    ) throws(PostgresError) -> ServerResult {
        guard let result else { throw classified(PostgresError(.server, oneLine(PQerrorMessage(raw)), query: query)) }
        guard !result.isCopy else {
            spoil()
            throw .copyIsNotSpoken(in: query)
        }
        guard result.isSuccess else {
            let error = classified(result.error(in: query))
            if error.kind == .connectionLost { spoil() }
            guard !text.isEmpty, let position = result.errorPosition else { throw error }
            throw error.inLine(text.prefix(position).count(where: \.isNewline) + 1)
        }
        return result
    }
}
