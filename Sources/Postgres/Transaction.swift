package import Foundation

/// Whose rows a transaction may see.
package enum Scope: Sendable, Hashable {
    /// One tenant, entered by `sec.enter` before the first query.
    case tenant(UUID)
    /// No tenant: row-level security shows tenant rows only to roles with a policy of their own.
    case none
}

/// Whether a transaction may write.
enum Access: Sendable {
    case write, read
}

/// One open transaction, lent to a synchronous closure.
///
/// Nothing is sent before the first query, which leaves in one trip with `begin` and the tenant's context. After a
/// refused statement the transaction is lost: every later query throws the same error, and nothing is committed even if
/// the closure returns.
package struct Transaction: ~Copyable {
    private enum State {
        case unsent, open
        case failed(PostgresError)
    }

    /// The tenant of the scope.
    package let tenant: UUID?

    private let access: Access
    private let catalogue: Catalogue
    private var connection: Connection
    private var state = State.unsent

    /// Whether the connection was found dead when the transaction was to be opened.
    private(set) var wasDeadAtOpening = false

    init(on connection: consuming Connection, access: Access, scope: Scope, catalogue: Catalogue) {
        if case .tenant(let id) = scope { tenant = id } else { tenant = nil }
        self.access = access
        self.catalogue = catalogue
        self.connection = connection
    }

    /// What a statement, or the commit, failed with.
    var failure: PostgresError? {
        if case .failed(let error) = state { error } else { nil }
    }

    /// Runs a query of the catalogue and reads its result while it lasts.
    mutating func execute<Result>(
        _ name: String, _ values: [(any PostgresValue)?],
        _ read: (borrowing ServerResult, Query) throws(PostgresError) -> Result
    ) throws(PostgresError) -> Result {
        let query = try query(name)
        if let failure { throw failure }
        let statement = try Statement(query, values)
        do {
            let result = try perform(statement)
            state = .open
            return try read(result, query)
        } catch {
            if error.kind == .server || error.kind == .connectionLost { state = .failed(error) }
            throw error
        }
    }

    /// Runs a COPY of the catalogue. What ends it early ends the transaction too: the server has failed it.
    mutating func execute<Result>(
        copying name: String, _ body: (inout Connection, Query) throws -> Result
    ) throws -> Result {
        let query = try query(name)
        if let failure { throw failure }
        do {
            // A COPY cannot be in the pipeline that opens the transaction.
            if case .unsent = state { _ = try open(with: []) }
            state = .open
            return try body(&connection, query)
        } catch {
            state = .failed(error as? PostgresError ?? PostgresError(.server, "a copy was given up", query: name))
            throw error
        }
    }

    private func query(_ name: String) throws(PostgresError) -> Query {
        guard let query = catalogue[name] else {
            throw PostgresError(.unknownQuery, "no query of this name is in the catalogue", query: name)
        }
        return query
    }

    private mutating func perform(_ statement: Statement) throws(PostgresError) -> ServerResult {
        guard case .unsent = state else { return try connection.execute(statement) }
        return try open(with: [statement])
    }

    private mutating func open(with statements: [Statement]) throws(PostgresError) -> ServerResult {
        var opening = [try Statement(access == .read ? .beginReadOnly : .begin, [])]
        if connection.plans.isStale() { opening.append(try Statement(.discardPlans, [])) }
        if let tenant { opening.append(try Statement(.enter, [tenant])) }
        do throws(Connection.PipelineFailure) {
            return try connection.pipeline(opening + statements)
        } catch {
            wasDeadAtOpening = error.error.kind == .connectionLost && !error.wasAnswered
            throw error.error
        }
    }

    /// Ends the transaction well, or throws why it could not.
    ///
    /// A transaction that failed earlier answers COMMIT with ROLLBACK; that is an error here.
    mutating func commit() throws(PostgresError) {
        switch state {
        case .unsent: return
        case .failed(let error): throw error
        case .open: break
        }
        do throws(PostgresError) {
            let tag = try connection.executeSimple("commit").commandTag
            guard tag == "COMMIT" else { throw PostgresError(.server, "the commit was answered by \(tag)") }
        } catch {
            let isUncertain = error.kind == .connectionLost && access == .write
            let failure = isUncertain ? PostgresError(.lostAtCommit, sqlState: error.sqlState, error.message) : error
            state = .failed(failure)
            throw failure
        }
    }

    /// Ends the transaction without effect. Should that fail too, the connection is not used again.
    mutating func rollback() {
        if case .unsent = state { return }
        guard !connection.isIdle, !connection.isLost else { return }
        do throws(PostgresError) {
            _ = try connection.executeSimple("rollback")
        } catch {
            connection.spoil()
        }
    }

    /// Whether its statements are prepared.
    var keepsPlans: Bool { connection.plans.isAllowed }

    /// Gives the connection back.
    consuming func end() -> Connection { connection }
}

extension Query {
    // Everything relies on statements that see what was committed before them, so the level is not left to the server's
    // default.
    fileprivate static let begin = own("begin isolation level read committed")
    fileprivate static let beginReadOnly = own("begin isolation level read committed read only")
    fileprivate static let discardPlans = own("discard plans")
    fileprivate static let enter = own(
        "select sec.enter($1)", parameters: [Field(name: "tenant", type: PostgresType(.uuid), nullable: false)])
}
