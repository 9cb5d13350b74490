extension Transaction {
    /// Streams rows into a table by a query of the form `copy table (columns) from stdin`.
    ///
    /// `produce` is called again and again; it adds some rows and answers whether there may be more. What it added is
    /// sent in portions, so memory stays flat if it adds little at a time. The server reports a bad row only at the end.
    ///
    /// Throws what `produce` throws, after the copy was given up, and ``PostgresError``, which names line and column of
    /// the copy where the server names them. Either way the transaction is lost. A table under row-level security
    /// cannot be copied into: the server refuses it.
    /// - Returns: how many rows the server took.
    @discardableResult
    package mutating func copy(
        into query: String, _ produce: (inout CopyRows) throws -> Bool
    ) throws -> Int {
        try execute(copying: query) { connection, name in try connection.copyIn(name, produce) }
    }

    /// Sends rows that were made apart from the transaction. Throws ``PostgresError``; the transaction is lost then.
    @discardableResult
    package mutating func copy(into query: String, rows ahead: CopyRows) throws -> Int {
        try copy(into: query) { rows in
            rows.append(ahead)
            return false
        }
    }
}

extension Connection {
    /// Feeds the COPY the server was asked for: between its answer and the end of the rows nothing else can be said.
    mutating func copyIn(_ query: Query, _ produce: (inout CopyRows) throws -> Bool) throws -> Int {
        let columns = try startCopy(query)
        var rows = CopyRows(columns: columns, of: query.name)
        do {
            var isMore = true
            while isMore {
                isMore = try produce(&rows)
                try rows.check(isEnd: !isMore)
                if rows.bytes.count >= CopyRows.portion || !isMore { try send(&rows) }
            }
        } catch {
            // The server answers that the copy failed, which is known; its own error, if it has one, is lost with it.
            _ = endCopy(query, giveUp: true)
            throw error
        }
        return try endCopy(query, giveUp: false).get()
    }
}
