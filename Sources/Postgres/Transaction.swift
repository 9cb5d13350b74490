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
/// Nothing is sent before the first query, which leaves in one trip with `begin` and the tenant's context; and what is posted,
/// not run, leaves in one trip with the next query that is waited for, or with the commit. After a refused statement the
/// transaction is lost: every later query throws the same error, and nothing is committed even if the closure returns.
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
    /// What nobody waits for, in its order.
    private var posted: [Statement] = []
    /// What was asked ahead, and the answers.
    private var foreseen: [(statement: Statement, rows: [Row])] = []

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
        try execute(try statement(name, values), read)
    }

    mutating func execute<Result>(
        _ statement: Statement, _ read: (borrowing ServerResult, Query) throws(PostgresError) -> Result
    ) throws(PostgresError) -> Result {
        do {
            let result = try perform([statement])
            return try read(result, statement.query)
        } catch {
            if error.kind == .server || error.kind == .connectionLost { state = .failed(error) }
            throw error
        }
    }

    func statement(_ name: String, _ values: [(any PostgresValue)?]) throws(PostgresError) -> Statement {
        let query = try query(name)
        if let failure { throw failure }
        return try Statement(query, values)
    }

    /// Leaves with the next query that is waited for, or with the commit.
    mutating func postpone(_ statement: Statement) {
        foreseen = []
        posted.append(statement)
    }

    /// Waits for what was posted.
    package mutating func flush() throws(PostgresError) {
        guard !posted.isEmpty else { return }
        do {
            _ = try perform([])
        } catch {
            state = .failed(error)
            throw error
        }
    }

    // MARK: Asked ahead

    /// Asks all of them in one trip, and keeps the answers until they are asked for.
    mutating func ask(
        _ statements: [Statement], _ read: (borrowing ServerResult, Query) throws(PostgresError) -> [Row]
    ) throws(PostgresError) {
        guard !statements.isEmpty else { return }
        let before = posted.count
        var answers: [(statement: Statement, rows: [Row])] = []
        do {
            _ = try perform(statements) { (place, result) throws(PostgresError) in
                guard place >= before else { return }
                let statement = statements[place - before]
                answers.append((statement, try read(result, statement.query)))
            }
        } catch {
            if error.kind == .server || error.kind == .connectionLost { state = .failed(error) }
            throw error
        }
        foreseen += answers
    }

    /// The rows, if they were asked for ahead; they are given once.
    mutating func answer(to statement: Statement) -> [Row]? {
        guard let place = foreseen.firstIndex(where: { $0.statement == statement }) else { return nil }
        return foreseen.remove(at: place).rows
    }

    /// Drops what was asked ahead: what comes now may change it.
    ///
    /// - Returns: what nobody has asked for.
    @discardableResult
    mutating func forgetForeseen() -> [String] {
        defer { foreseen = [] }
        return foreseen.map(\.statement.query.name)
    }

    // MARK: The wire

    /// Runs a COPY of the catalogue. What ends it early ends the transaction too: the server has failed it.
    mutating func execute<Result>(
        copying name: String, _ body: (inout Connection, Query) throws -> Result
    ) throws -> Result {
        let query = try query(name)
        if let failure { throw failure }
        do {
            // A COPY cannot be in a pipeline.
            if case .unsent = state { _ = try perform([]) } else { try flush() }
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

    /// Sends what was posted and these, and opens the transaction where it is not; the last one's result.
    private mutating func perform(
        _ statements: [Statement],
        read: (Int, borrowing ServerResult) throws(PostgresError) -> Void = { _, _ in }
    ) throws(PostgresError) -> ServerResult {
        let (ahead, all) = (try opening(), posted + statements)
        posted = []
        if ahead.isEmpty, all.count == 1 {
            let result = try connection.execute(all[0])
            try read(0, result)
            return result
        }
        do throws(Connection.PipelineFailure) {
            let result = try connection.pipeline(ahead + all) { (place, result) throws(PostgresError) in
                if place >= ahead.count { try read(place - ahead.count, result) }
            }
            state = .open
            return result
        } catch {
            wasDeadAtOpening = !ahead.isEmpty && error.error.kind == .connectionLost && !error.wasAnswered
            throw error.error
        }
    }

    /// What opens the transaction; nothing when it is open.
    private mutating func opening() throws(PostgresError) -> [Statement] {
        guard case .unsent = state else { return [] }
        var opening = [try Statement(access == .read ? .beginReadOnly : .begin, [])]
        if connection.plans.isStale() { opening.append(try Statement(.discardPlans, [])) }
        if let tenant { opening.append(try Statement(.enter, [tenant])) }
        return opening
    }

    /// Ends the transaction well, or throws why it could not.
    ///
    /// A transaction that failed earlier answers COMMIT with ROLLBACK; that is an error here.
    mutating func commit() throws(PostgresError) {
        switch state {
        case .unsent: if posted.isEmpty { return }
        case .failed(let error): throw error
        case .open: break
        }
        do throws(PostgresError) {
            let result =
                posted.isEmpty ? try connection.executeSimple("commit") : try perform([try Statement(.commit, [])])
            let tag = result.commandTag
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
        posted = []
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
    fileprivate static let commit = own("commit")
    fileprivate static let discardPlans = own("discard plans")
    fileprivate static let enter = own(
        "select sec.enter($1)", parameters: [Field(name: "tenant", type: PostgresType(.uuid), nullable: false)])
}
