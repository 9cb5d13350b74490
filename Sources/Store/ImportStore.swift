package import Dunning
package import Postgres

/// One file taken in, as shown.
package struct ImportRecord: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable, PostgresValue {
        case running, done, failed
    }

    package let id: ID<Import>
    package let state: State
    package let entry: EntryPolicy
    /// Records below the header.
    package let rowsRead: Int
    package let customersCreated: Int
    package let invoicesCreated: Int
    package let paymentsCreated: Int
    /// Rows that brought nothing new.
    package let unchanged: Int
    package let errors: Int
    package let createdAt: Instant
    package let finishedAt: Instant?

    init(_ row: Row) throws(PostgresError) {
        id = try row("import_id")
        state = try row("state")
        entry = try row("entry_policy")
        rowsRead = try row("rows_read")
        customersCreated = try row("customers_created")
        invoicesCreated = try row("invoices_created")
        paymentsCreated = try row("payments_created")
        unchanged = try row("unchanged")
        errors = try row("errors")
        createdAt = try row("created_at")
        finishedAt = try row.optional("finished_at")
    }
}

/// What one chunk of an import did.
package struct ImportCounts: Sendable, Equatable {
    package var customers = 0
    package var invoices = 0
    package var payments = 0
    package var unchanged = 0
    package var errors = 0

    package init() {}
}

/// One line of the row report.
package struct ImportErrorRecord: Sendable, Equatable {
    package let line: Int
    package let part: String
    package let field: String
    package let code: String
    package let message: String

    package init(line: Int, part: String, field: String, code: String, message: String) {
        self.line = line
        self.part = part
        self.field = field
        self.code = code
        self.message = message
    }
}

/// The brand an import goes to, and the mode of its tenant.
package struct ImportBrand: Sendable, Equatable {
    package let id: ID<Brand>
    package let zone: Zone
    package let graceDays: Int
    package let mode: TenantRecord.Mode
}

extension Transaction {
    /// Brands of this id or name, or all of them when nothing is wanted; at most two, which is one too many.
    package mutating func importBrands(named wanted: String?) throws(PostgresError) -> [ImportBrand] {
        let wanted = wanted.map { ID<Brand>($0)?.uuid.postgresText ?? $0 }
        return try rows("import_brand", tenantID, wanted).map { row throws(PostgresError) in
            ImportBrand(
                id: try row("brand_id"), zone: try row("zone"), graceDays: try row("grace_days"), mode: try row("mode"))
        }
    }

    package mutating func startImport(
        _ id: ID<Import>, mapping: JSONText, entry: EntryPolicy, rows: Int, at instant: Instant
    ) throws(PostgresError) {
        try must("import_start", tenantID, id, mapping, entry, rows, instant)
    }

    package mutating func count(_ counts: ImportCounts, in id: ID<Import>) throws(PostgresError) {
        try must(
            "import_count", tenantID, id, counts.customers, counts.invoices, counts.payments, counts.unchanged,
            counts.errors)
    }

    package mutating func finishImport(
        _ id: ID<Import>, as state: ImportRecord.State, at instant: Instant
    ) throws(PostgresError) {
        try must("import_finish", tenantID, id, state, instant)
    }

    package mutating func importRecord(_ id: ID<Import>) throws(PostgresError) -> ImportRecord? {
        try first("import_by_id", tenantID, id).map { row throws(PostgresError) in try ImportRecord(row) }
    }

    package mutating func imports(_ page: Page<Import>) throws(PostgresError) -> [ImportRecord] {
        try rows("import_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try ImportRecord(row) }
    }

    package mutating func insert(_ errors: [ImportErrorRecord], of id: ID<Import>) throws(PostgresError) {
        guard !errors.isEmpty else { return }
        try run(
            "import_error_add", tenantID, id, errors.map(\.line), errors.map(\.part), errors.map(\.field),
            errors.map(\.code), errors.map(\.message))
    }

    /// In the order of the file, from behind line and part of the one seen last.
    package mutating func importErrors(
        of id: ID<Import>, after line: Int = 0, part: String = "", count: Int
    ) throws(PostgresError) -> [ImportErrorRecord] {
        try rows("import_error_page", tenantID, id, line, part, count).map { row throws(PostgresError) in
            ImportErrorRecord(
                line: try row("line"), part: try row("part"), field: try row("field"), code: try row("code"),
                message: try row("message"))
        }
    }
}
