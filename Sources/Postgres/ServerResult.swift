import CPostgres

/// One result of the server, freed with its last use.
struct ServerResult: ~Copyable {
    private let raw: OpaquePointer

    /// Takes over the result; `nil` stands for "no memory" or "nothing came".
    init?(_ raw: OpaquePointer?) {
        guard let raw else { return nil }
        self.raw = raw
    }

    deinit { PQclear(raw) }

    var status: ExecStatusType { PQresultStatus(raw) }

    var isSuccess: Bool { status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK }

    /// Whether the server waits for, or is about to send, the data of a COPY.
    var isCopy: Bool { [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(status) }

    /// `COMMIT`, `UPDATE 3`.
    var commandTag: String { String(cString: PQcmdStatus(raw)) }

    /// From the command tag: rows written, or rows returned by a SELECT; 0 for commands that count nothing.
    var affectedRows: Int { Int(String(cString: PQcmdTuples(raw))) ?? 0 }

    var rowCount: Int { Int(PQntuples(raw)) }

    var columnCount: Int { Int(PQnfields(raw)) }

    func columnName(_ column: Int) -> String { PQfname(raw, Int32(column)).map { String(cString: $0) } ?? "" }

    func isNull(row: Int, column: Int) -> Bool { PQgetisnull(raw, Int32(row), Int32(column)) == 1 }

    /// The text of a cell; `nil` is NULL.
    func text(row: Int, column: Int) -> String? {
        guard !isNull(row: row, column: column), let start = PQgetvalue(raw, Int32(row), Int32(column)) else {
            return nil
        }
        let length = Int(PQgetlength(raw, Int32(row), Int32(column)))
        return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }

    /// Where in the statement the error is, in characters from 1; not all errors have a place.
    var errorPosition: Int? { field("P").flatMap { Int($0) } }

    /// Which line of a COPY the error is about.
    var copyPlace: CopyPlace? { field("W").flatMap { CopyPlace(context: $0) } }

    /// The failure this result reports.
    func error(in query: String?) -> PostgresError {
        guard let sqlState = field("C") else {
            // No report of the server: libpq's own words about the connection, which know nothing of rows.
            let text = oneLine(PQresultErrorMessage(raw))
            return PostgresError(.server, text.isEmpty ? "unexpected answer" : text, query: query)
        }
        let report = ServerReport(
            sqlState: sqlState, constraint: field("n"), message: field("M") ?? "the server gave no message")
        return PostgresError(
            .server, sqlState: report.sqlState, constraint: report.constraint, report.message, query: query)
    }

    /// A field of the error report by its protocol code; libpq's names for the codes are macros Swift cannot read.
    private func field(_ code: Unicode.Scalar) -> String? {
        PQresultErrorField(raw, Int32(code.value)).map { String(cString: $0) }
    }
}

/// libpq's own messages go over several indented lines; ours are one line.
func oneLine(_ message: UnsafePointer<CChar>) -> String {
    String(cString: message).split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
}
