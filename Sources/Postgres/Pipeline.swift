import CPostgres

extension Connection {
    /// What a pipeline ended in when not all of its statements succeeded.
    struct PipelineFailure: Error {
        var error: PostgresError
        /// Whether the server answered anything at all. If not, the connection was dead before it was used.
        var wasAnswered: Bool
    }

    /// Sends all statements at once with one sync behind the last, and answers the last one's result.
    ///
    /// One trip for all. After the first error the server skips the rest up to the sync. The connection is out of pipeline mode
    /// afterwards, where one-by-one execution and the simple protocol work again.
    ///
    /// - Parameter read: called with the place and the result of each that succeeded, in order, while the result lasts.
    mutating func pipeline(
        _ statements: [Statement],
        read: (Int, borrowing ServerResult) throws(PostgresError) -> Void = { _, _ in }
    ) throws(PipelineFailure) -> ServerResult {
        guard PQenterPipelineMode(raw) == 1 else { throw unanswered("the connection cannot enter pipeline mode") }
        var sent: [(statement: Statement, isPreparation: Bool)] = []
        for statement in statements {
            if plans.isAllowed, !plans.has(statement.query) {
                guard sendPreparation(of: statement) else { throw unanswered("the statements could not be sent") }
                sent.append((statement, true))
            }
            guard send(statement) else { throw unanswered("the statements could not be sent") }
            sent.append((statement, false))
        }
        guard PQpipelineSync(raw) == 1 else { throw unanswered("the statements could not be sent") }

        var last: ServerResult?
        var failure: PostgresError?
        var misread: PostgresError?
        var (answered, place) = (0, 0)
        for (statement, isPreparation) in sent {
            // A null result ends the results of each statement.
            while let result = ServerResult(PQgetResult(raw)) {
                guard !result.isCopy else { throw unspoken(in: statement) }
                if result.isSuccess {
                    answered += 1
                    if isPreparation {
                        plans.add(statement.query)
                    } else {
                        do throws(PostgresError) { try read(place, result) } catch { misread = misread ?? error }
                        place += 1
                    }
                    last = consume result
                } else if result.status != PGRES_PIPELINE_ABORTED {
                    failure = failure ?? result.error(in: statement.query.name)
                }
                if isLost { break }
            }
            if isLost { break }
        }
        leavePipeline()
        if let failure {
            let error = classified(failure)
            if error.kind == .connectionLost { spoil() }
            throw PipelineFailure(error: error, wasAnswered: answered > 0 || failure.isServersOwn)
        }
        if let misread { throw PipelineFailure(error: misread, wasAnswered: true) }
        guard let last, answered == sent.count else { throw unanswered("not all statements were answered") }
        return last
    }

    private borrowing func sendPreparation(of statement: Statement) -> Bool {
        let arguments = statement.arguments
        return arguments.withPointers {
            PQsendPrepare(raw, statement.query.name, statement.query.text, arguments.count, $0.types) == 1
        }
    }

    private borrowing func send(_ statement: Statement) -> Bool {
        let arguments = statement.arguments
        return arguments.withPointers { pointers in
            plans.isAllowed
                ? PQsendQueryPrepared(
                    raw, statement.query.name, arguments.count, pointers.values, pointers.lengths, pointers.formats, 0)
                    == 1
                : PQsendQueryParams(
                    raw, statement.query.text, arguments.count, pointers.types, pointers.values, pointers.lengths,
                    pointers.formats, 0) == 1
        }
    }

    /// Reads the sync and leaves pipeline mode; whatever else comes than the sync makes the connection unusable.
    private mutating func leavePipeline() {
        guard !isLost, let sync = ServerResult(PQgetResult(raw)), sync.status == PGRES_PIPELINE_SYNC,
            PQexitPipelineMode(raw) == 1
        else { return spoil() }
    }

    /// A COPY would be answered for ever; its connection is given up.
    private mutating func unspoken(in statement: Statement) -> PipelineFailure {
        spoil()
        return PipelineFailure(error: .copyIsNotSpoken(in: statement.query.name), wasAnswered: true)
    }

    private mutating func unanswered(_ message: String) -> PipelineFailure {
        spoil()
        return PipelineFailure(error: PostgresError(.connectionLost, message), wasAnswered: false)
    }
}

extension PostgresError {
    /// Whether a server refused a statement, as opposed to a connection that broke or a server (or pooler) that said
    /// goodbye.
    fileprivate var isServersOwn: Bool { sqlState.map { !$0.hasPrefix("57P0") && !$0.hasPrefix("08") } ?? false }
}
