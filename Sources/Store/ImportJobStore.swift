package import Dunning
package import Postgres

/// An import as a worker has it: with the number of this run, which fences everything written for it.
package struct ImportJob: Sendable {
    package let id: ID<Import>
    package let state: ImportRecord.State
    package let mode: ImportRecord.Mode
    package let source: String
    package let isSnapshot: Bool
    package let brand: ID<Brand>
    package let mapping: JSONText
    package let asked: EntryPolicy?
    package let entry: EntryPolicy?
    package let pieces: Int
    package let today: Day?
    package let run: Int
    package let rowsRead: Int
    package let rowsStaged: Int
    package let rowsApplied: Int
    package let at: ImportPlace
    package let errors: Int
    /// When its last byte was safe; the ids of what it makes carry this time.
    package let receivedAt: Instant
    package let isConfirmed: Bool
}

/// A place in the order in which staged rows are applied.
package struct ImportPlace: Hashable, Sendable {
    package let slot: Int
    package let seq: Int

    package init(slot: Int, seq: Int) {
        self.slot = slot
        self.seq = seq
    }

    package static let start = ImportPlace(slot: -1, seq: -1)
    package static let end = ImportPlace(slot: Int(Int32.max), seq: Int(Int32.max))
}

extension Transaction {
    package mutating func importJob(_ id: ID<Import>) throws(PostgresError) -> ImportJob? {
        guard let row = try first("import_job", tenantID, id) else { return nil }
        let confirmed: Instant? = try row.optional("confirmed_at")
        return ImportJob(
            id: id, state: try row("state"), mode: try row("mode"), source: try row("source"),
            isSnapshot: try row("is_snapshot"), brand: try row("brand_id"), mapping: try row("mapping"),
            asked: try row.optional("asked_policy"), entry: try row.optional("entry_policy"),
            pieces: try row("pieces"), today: try row.optional("today"), run: try row("run"),
            rowsRead: try row("rows_read"), rowsStaged: try row("rows_staged"), rowsApplied: try row("rows_applied"),
            at: ImportPlace(slot: try row("at_slot"), seq: try row("at_seq")), errors: try row("errors"),
            receivedAt: try row.optional("received_at") ?? Instant(microseconds: 0), isConfirmed: confirmed != nil)
    }

    /// A worker takes it up: whoever had it before can write nothing more.
    package mutating func takeImport(_ id: ID<Import>, today: Day) throws(PostgresError) {
        try must("import_take", tenantID, id, today)
    }

    /// The steps of a run throw `noRow` when another worker has taken the import, or somebody cancelled it.
    package mutating func move(
        _ job: ImportJob, from states: [ImportRecord.State], to state: ImportRecord.State
    ) throws(PostgresError) {
        try must("import_step", tenantID, job.id, job.run, states, state)
    }

    package mutating func restage(_ job: ImportJob) throws(PostgresError) {
        try must("import_restage", tenantID, job.id, job.run)
    }

    package mutating func noteStaged(
        _ job: ImportJob, piecesRead: Int, rowsRead: Int, rowsStaged: Int
    ) throws(PostgresError) {
        try must("import_staged", tenantID, job.id, job.run, piecesRead, rowsRead, rowsStaged)
    }

    package mutating func decide(_ entry: EntryPolicy, for job: ImportJob) throws(PostgresError) {
        try must("import_policy", tenantID, job.id, job.run, entry)
    }

    package mutating func awaitConfirmation(
        _ job: ImportJob, closing: Int, of openItems: Int
    ) throws(PostgresError) {
        try must("import_await", tenantID, job.id, job.run, closing, openItems)
    }

    /// Notes that a chunk was applied, in its own transaction.
    package mutating func noteApplied(
        _ job: ImportJob, from: ImportPlace, to: ImportPlace, rows: Int, _ counts: ImportCounts
    ) throws(PostgresError) {
        try must(
            "import_progress",
            list: [tenantID, job.id, job.run, to.slot, to.seq, from.slot, from.seq, rows] + counts.parameters)
    }

    /// Counts the errors there are, and says how many.
    package mutating func countErrors(of id: ID<Import>) throws(PostgresError) -> Int {
        try row("import_count_errors", tenantID, id)("errors")
    }

    package mutating func finish(
        _ job: ImportJob, as state: ImportRecord.State, problem: (code: String, text: String)? = nil, at now: Instant
    ) throws(PostgresError) {
        try must("import_finish", tenantID, job.id, job.run, state, problem?.code, problem?.text, now)
    }

    /// True when it had been silent for too long, and that was told.
    package mutating func heard(of source: String, at now: Instant) throws(PostgresError) -> Bool {
        try row("import_source_heard", tenantID, source, now)("was_stale")
    }

    package mutating func dropPieces(of id: ID<Import>) throws(PostgresError) {
        try run("import_drop_pieces", tenantID, id)
    }

    // MARK: Staged rows

    /// Adds rows made apart; their columns are those of `import_row_copy`.
    package mutating func stage(_ rows: CopyRows) throws {
        try copy(into: "import_row_copy", rows: rows)
    }

    package mutating func stagedRows(of id: ID<Import>) throws(PostgresError) -> Int {
        try row("import_row_count", tenantID, id)("rows")
    }

    /// Removes the staged rows of a range.
    package mutating func drop(_ range: ImportRange, of id: ID<Import>) throws(PostgresError) {
        try run(
            "import_row_drop", tenantID, id, range.from.slot, range.from.seq, range.to.slot, range.to.seq)
    }
}
