import CPostgres

extension Connection {
    /// Asks for the COPY and answers how many columns it has.
    mutating func startCopy(_ query: Query) throws(PostgresError) -> Int {
        let result = ServerResult(PQexecParams(raw, query.text, 0, nil, nil, nil, nil, 0))
        guard let result else {
            throw classified(PostgresError(.server, oneLine(PQerrorMessage(raw)), query: query.name))
        }
        if result.status == PGRES_COPY_IN { return result.columnCount }
        if result.isCopy { spoil() }
        guard result.isSuccess || result.isCopy else { throw lost(result.error(in: query.name)) }
        throw PostgresError(.server, "the query is no copy from stdin", query: query.name)
    }

    /// Hands a portion to libpq, which blocks while the server is slower.
    mutating func send(_ rows: inout CopyRows) throws(PostgresError) {
        let count = Int32(rows.bytes.count)
        let isTaken = rows.bytes.withUnsafeBytes {
            PQputCopyData(raw, $0.assumingMemoryBound(to: CChar.self).baseAddress, count) == 1
        }
        guard isTaken else { throw lost(PostgresError(.server, oneLine(PQerrorMessage(raw)))) }
        rows.removeSent()
    }

    /// Ends the COPY and reads what the server says to it; the connection can be spoken to again afterwards.
    mutating func endCopy(_ query: Query, giveUp: Bool) -> Result<Int, PostgresError> {
        var failure: PostgresError?
        var taken = 0
        if PQputCopyEnd(raw, giveUp ? "the rows end early" : nil) != 1 {
            failure = PostgresError(.server, oneLine(PQerrorMessage(raw)), query: query.name)
        }
        while let result = ServerResult(PQgetResult(raw)) {
            // Still in the copy: the end could not be told, and asking again would never end.
            if result.isCopy {
                spoil()
                failure = failure ?? PostgresError(.server, "the copy could not be ended", query: query.name)
                break
            }
            if result.isSuccess {
                taken = result.affectedRows
            } else {
                failure = failure ?? result.error(in: query.name).inCopy(at: result.copyPlace)
            }
        }
        if let failure { return .failure(lost(failure)) }
        return .success(taken)
    }

    /// Classified, and the connection given up if that is what it says.
    private mutating func lost(_ error: PostgresError) -> PostgresError {
        let error = classified(error)
        if error.kind == .connectionLost { spoil() }
        return error
    }
}

/// Which line of a COPY an error is about, and which column.
struct CopyPlace: Equatable {
    let line: Int
    let column: String?

    /// Reads `COPY import_row, line 3, column amount: "abc"`. What follows the colon is somebody's data and stays out.
    init?(context: String) {
        guard context.hasPrefix("COPY "), let first = context.split(separator: "\n").first else { return nil }
        let parts = first.prefix { $0 != ":" }.split(separator: ",").map { $0.drop(while: \.isWhitespace) }
        guard parts.count >= 2, let word = parts[1].split(separator: " ").last, let line = Int(word) else { return nil }
        self.line = line
        column = parts.count > 2 ? parts[2].split(separator: " ").last.map(String.init) : nil
    }
}

extension PostgresError {
    fileprivate func inCopy(at place: CopyPlace?) -> PostgresError {
        guard let place else { return self }
        let error = inLine(place.line)
        guard let column = place.column else { return error }
        return PostgresError(
            kind, sqlState: sqlState, constraint: constraint, "\(error.message), column \(column)", query: query)
    }
}
