import CPostgres
import Postgres

/// What the server makes of a statement, asked over a plain libpq connection: the client proper never asks.
struct StatementDescription {
    struct Column: Hashable {
        let name: String
        let type: UInt32
        /// The table's column it shows unchanged, as `table.number`; nil for anything computed.
        let origin: Origin?
    }

    struct Origin: Hashable {
        let table: UInt32
        let column: Int
    }

    let parameters: [UInt32]
    let columns: [Column]
}

/// Why a statement cannot be prepared, in the server's words.
struct Unpreparable: Error, CustomStringConvertible {
    let description: String
}

/// Lends a connection on which statements are prepared and described, never run. It owns its pointer and lends it to nobody.
@safe struct Preparer: ~Copyable {
    private let connection: OpaquePointer

    init(url: String) throws(Unpreparable) {
        guard let opened = unsafe PQconnectdb(url) else { throw Unpreparable(description: "no memory") }
        guard unsafe PQstatus(opened) == CONNECTION_OK else {
            defer { unsafe PQfinish(opened) }
            throw Unpreparable(description: unsafe String(cString: PQerrorMessage(opened)))
        }
        unsafe connection = unsafe opened
    }

    deinit { unsafe PQfinish(connection) }

    /// - Parameter types: empty leaves it to the server to find them.
    func describe(_ text: String, types: [UInt32] = []) throws(Unpreparable) -> StatementDescription {
        let prepared = unsafe PQprepare(connection, "", text, Int32(types.count), types)
        defer { unsafe PQclear(prepared) }
        try check(unsafe PQresultStatus(prepared))
        let described = unsafe PQdescribePrepared(connection, "")
        defer { unsafe PQclear(described) }
        try check(unsafe PQresultStatus(described))
        let parameters = unsafe (0..<PQnparams(described)).map { unsafe PQparamtype(described, $0) }
        let columns = unsafe (0..<PQnfields(described)).map { index in
            let table = unsafe PQftable(described, index)
            let origin = unsafe StatementDescription.Origin(table: table, column: Int(PQftablecol(described, index)))
            return unsafe StatementDescription.Column(
                name: String(cString: PQfname(described, index)), type: PQftype(described, index),
                origin: table == 0 ? nil : origin)
        }
        return StatementDescription(parameters: parameters, columns: columns)
    }

    private func check(_ status: ExecStatusType) throws(Unpreparable) {
        guard status == PGRES_COMMAND_OK else {
            throw Unpreparable(description: unsafe String(cString: PQerrorMessage(connection)))
        }
    }
}
