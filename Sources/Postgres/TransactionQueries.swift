extension Transaction {
    /// All rows of a query. Throws ``PostgresError``.
    package mutating func rows(_ query: String, _ parameters: (any PostgresValue)?...) throws(PostgresError) -> [Row] {
        try rows(query, list: parameters)
    }

    /// As ``rows(_:_:)``, for parameters whose number is not known when compiling.
    package mutating func rows(_ query: String, list: [(any PostgresValue)?]) throws(PostgresError) -> [Row] {
        let statement = try statement(query, list)
        if let known = answer(to: statement) { return known }
        return try execute(statement) { (result, query) throws(PostgresError) in try result.rows(named: query) }
    }

    /// Asks several questions in one trip; each answer is there when the same is asked with ``rows(_:_:)``, once, until
    /// something is run or posted, or the answers are forgotten. Call it where nothing is written in between.
    package mutating func foresee(_ asks: [Ask]) throws(PostgresError) {
        var statements: [Statement] = []
        for ask in asks { statements.append(try statement(ask.query, ask.values)) }
        try ask(statements) { (result, query) throws(PostgresError) in try result.rows(named: query) }
    }

    /// Drops the answers nobody has asked for; in a debug build there must be none: another question was asked instead.
    package mutating func forget() {
        let rest = forgetForeseen()
        assert(rest.isEmpty, "asked ahead in vain: \(rest)")
    }

    /// Runs a query for its effect only, without waiting for it: it leaves with the next one that is waited for, or with the
    /// commit, which then throws what it was refused with.
    package mutating func post(_ query: String, _ parameters: (any PostgresValue)?...) throws(PostgresError) {
        postpone(try statement(query, parameters))
    }

    /// The only row. Throws ``PostgresError`` of kind `noRow` or `manyRows` when there is another number of them.
    package mutating func row(_ query: String, _ parameters: (any PostgresValue)?...) throws(PostgresError) -> Row {
        try row(query, list: parameters)
    }

    /// As ``row(_:_:)``, for parameters whose number is not known when compiling.
    package mutating func row(_ query: String, list: [(any PostgresValue)?]) throws(PostgresError) -> Row {
        guard let row = try first(query, list: list) else {
            throw PostgresError(.noRow, "a row was expected and there is none", query: query)
        }
        return row
    }

    /// The row, or `nil` when there is none. Throws ``PostgresError`` of kind `manyRows` when there are more.
    package mutating func first(_ query: String, _ parameters: (any PostgresValue)?...) throws(PostgresError) -> Row? {
        try first(query, list: parameters)
    }

    /// As ``first(_:_:)``, for parameters whose number is not known when compiling.
    package mutating func first(_ query: String, list: [(any PostgresValue)?]) throws(PostgresError) -> Row? {
        let rows = try rows(query, list: list)
        guard rows.count < 2 else {
            throw PostgresError(.manyRows, "one row was expected and there are \(rows.count)", query: query)
        }
        return rows.first
    }

    /// Runs a query for its effect; the number of rows it wrote, or of rows it returned.
    @discardableResult
    package mutating func run(_ query: String, _ parameters: (any PostgresValue)?...) throws(PostgresError) -> Int {
        try run(query, list: parameters)
    }

    /// As ``run(_:_:)``, for parameters whose number is not known when compiling.
    @discardableResult
    package mutating func run(_ query: String, list: [(any PostgresValue)?]) throws(PostgresError) -> Int {
        forgetForeseen()
        return try execute(query, list) { (result, query) throws(PostgresError) in
            if !query.columns.isEmpty { try result.matches(query) }
            return result.affectedRows
        }
    }

    /// Runs a query that has to reach at least one row. Throws ``PostgresError`` of kind `noRow` when it reaches none:
    /// under row-level security a missed row looks like no row at all, and must not pass for success.
    package mutating func must(_ query: String, _ parameters: (any PostgresValue)?...) throws(PostgresError) {
        try must(query, list: parameters)
    }

    /// As ``must(_:_:)``, for parameters whose number is not known when compiling.
    package mutating func must(_ query: String, list: [(any PostgresValue)?]) throws(PostgresError) {
        guard try run(query, list: list) > 0 else {
            throw PostgresError(.noRow, "no row was reached", query: query)
        }
    }
}

/// A question that is asked ahead.
package struct Ask {
    let query: String
    let values: [(any PostgresValue)?]

    package init(_ query: String, _ values: (any PostgresValue)?...) {
        self.query = query
        self.values = values
    }
}

extension ServerResult {
    /// The rows of a query whose header names its columns.
    fileprivate borrowing func rows(named query: Query) throws(PostgresError) -> [Row] {
        guard !query.columns.isEmpty else {
            throw PostgresError(.decoding, "the header names no columns", query: query.name)
        }
        try matches(query)
        return try rows(of: query)
    }

    /// Throws when the header does not name the columns that came, in their order.
    fileprivate borrowing func matches(_ query: Query) throws(PostgresError) {
        for (index, column) in query.columns.enumerated() {
            guard index < columnCount else {
                throw PostgresError(.decoding, "the result lacks column \(column.name)", query: query.name)
            }
            let name = columnName(index)
            guard name == column.name else {
                throw PostgresError(
                    .decoding, "the result has \(name) where the header has \(column.name)", query: query.name)
            }
        }
        guard columnCount == query.columns.count else {
            throw PostgresError(.decoding, "the result has columns the header does not name", query: query.name)
        }
    }

    /// Throws when there is NULL in a column the header does not mark with `?`.
    fileprivate borrowing func rows(of query: Query) throws(PostgresError) -> [Row] {
        var rows: [Row] = []
        rows.reserveCapacity(rowCount)
        for row in 0..<rowCount {
            var cells: [String?] = []
            cells.reserveCapacity(query.columns.count)
            for (index, column) in query.columns.enumerated() {
                let cell = text(row: row, column: index)
                guard cell != nil || column.nullable else {
                    throw PostgresError(.decoding, "column \(column.name) is NULL", query: query.name)
                }
                cells.append(cell)
            }
            rows.append(Row(query: query.name, columns: query.columns, cells: cells))
        }
        return rows
    }
}
