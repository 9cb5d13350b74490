package import Dunning
package import Postgres

/// One file taken in, as shown.
package struct ImportRecord: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable, PostgresValue {
        /// Its bytes are coming in.
        case receiving
        case received, staging, validating
        /// It would close so much that a person has to say yes.
        case awaitingConfirmation = "awaiting_confirmation"
        case applying, done, failed, cancelled

        /// Whether nothing more will happen to it.
        package var isFinal: Bool { self == .done || self == .failed || self == .cancelled }
    }

    package enum Mode: String, Sendable, CaseIterable, PostgresValue {
        /// All of it, or nothing.
        case atomic
        /// What is right goes in, what is wrong is reported.
        case partial
        /// Everything but going in.
        case dryRun = "dry_run"
    }

    package let id: ID<Import>
    package let state: State
    package let mode: Mode
    package let source: String
    package let isSnapshot: Bool
    package let brand: ID<Brand>
    package let mapping: JSONText
    package let mappingName: String?
    package let fileName: String?
    package let entry: EntryPolicy?
    package let fileSize: Int64
    package let fileSHA256: Bytes?
    package let pieces: Int
    package let piecesRead: Int
    /// Records below the header.
    package let rowsRead: Int
    package let rowsStaged: Int
    package let rowsApplied: Int
    package let counts: ImportCounts
    package let errors: Int
    /// Open invoices that a list of open items lacks, and how many are open.
    package let closing: Int
    package let openItems: Int
    /// Why it failed, or what it waits for: a bounded set of codes.
    package let problem: (code: String, text: String)?
    package let createdAt: Instant
    package let receivedAt: Instant?
    package let finishedAt: Instant?

    init(_ row: Row) throws(PostgresError) {
        id = try row("import_id")
        state = try row("state")
        mode = try row("mode")
        source = try row("source")
        isSnapshot = try row("is_snapshot")
        brand = try row("brand_id")
        mapping = try row("mapping")
        mappingName = try row.optional("mapping_name")
        fileName = try row.optional("file_name")
        entry = try row.optional("entry_policy")
        fileSize = try row("file_size")
        fileSHA256 = try row.optional("file_sha256")
        pieces = try row("pieces")
        piecesRead = try row("pieces_read")
        rowsRead = try row("rows_read")
        rowsStaged = try row("rows_staged")
        rowsApplied = try row("rows_applied")
        counts = try ImportCounts(row)
        errors = try row("errors")
        closing = try row("closing")
        openItems = try row("open_items")
        let (code, text): (String?, String?) = (try row.optional("problem_code"), try row.optional("problem"))
        problem = code.map { ($0, text ?? "") }
        createdAt = try row("created_at")
        receivedAt = try row.optional("received_at")
        finishedAt = try row.optional("finished_at")
    }

    package static func == (left: ImportRecord, right: ImportRecord) -> Bool {
        left.id == right.id && left.state == right.state && left.counts == right.counts && left.errors == right.errors
            && left.rowsRead == right.rowsRead && left.rowsApplied == right.rowsApplied
    }
}

/// What an import, or one chunk of it, did.
package struct ImportCounts: Sendable, Equatable {
    package var customersCreated = 0
    package var customersChanged = 0
    package var invoicesCreated = 0
    package var invoicesChanged = 0
    package var paymentsCreated = 0
    package var paymentsChanged = 0
    package var creditNotesCreated = 0
    package var creditNotesChanged = 0
    /// Rows that brought nothing new.
    package var unchanged = 0
    /// Rows older than what is stored.
    package var older = 0
    /// Invoices that a list of open items closed, and those it opened again.
    package var settled = 0
    package var reopened = 0

    package init() {}

    init(_ row: Row) throws(PostgresError) {
        customersCreated = try row("customers_created")
        customersChanged = try row("customers_changed")
        invoicesCreated = try row("invoices_created")
        invoicesChanged = try row("invoices_changed")
        paymentsCreated = try row("payments_created")
        paymentsChanged = try row("payments_changed")
        creditNotesCreated = try row("credit_notes_created")
        creditNotesChanged = try row("credit_notes_changed")
        unchanged = try row("unchanged")
        older = try row("older")
        settled = try row("settled")
        reopened = try row("reopened")
    }

    var parameters: [(any PostgresValue)?] {
        [
            customersCreated, customersChanged, invoicesCreated, invoicesChanged, paymentsCreated, paymentsChanged,
            creditNotesCreated, creditNotesChanged, unchanged, older, settled, reopened,
        ]
    }
}

/// One line of the report on an import's rows.
package struct ImportErrorRecord: Sendable, Equatable {
    /// Number of the row below the header, from 1; 0 is the file as a whole.
    package let row: Int
    package let line: Int
    /// The column of the file, where one is concerned.
    package let column: String?
    package let field: String
    package let code: String
    package let message: String

    package init(row: Int, line: Int, column: String? = nil, field: String, code: String, message: String) {
        self.row = row
        self.line = line
        self.column = column
        self.field = field
        self.code = code
        self.message = message
    }

    init(_ row: Row) throws(PostgresError) {
        self.row = try row("row_no")
        line = try row("line")
        column = try row.optional("column_name")
        field = try row("field")
        code = try row("code")
        message = try row("message")
    }
}

/// The brand an import goes to, and the mode of its tenant.
package struct ImportBrand: Sendable, Equatable {
    package let id: ID<Brand>
    package let zone: Zone
    package let graceDays: Int
    package let mode: TenantRecord.Mode
}
