package import Dunning
package import Postgres

/// An import as it begins.
package struct NewImport: Sendable {
    package let id: ID<Import>
    package let mode: ImportRecord.Mode
    package let source: String
    package let isSnapshot: Bool
    package let brand: ID<Brand>
    package let mapping: JSONText
    package let mappingName: String?
    package let fileName: String?
    package let policy: EntryPolicy?

    package init(
        id: ID<Import>, mode: ImportRecord.Mode, source: String, isSnapshot: Bool, brand: ID<Brand>, mapping: JSONText,
        mappingName: String? = nil, fileName: String? = nil, policy: EntryPolicy? = nil
    ) {
        self.id = id
        self.mode = mode
        self.source = source
        self.isSnapshot = isSnapshot
        self.brand = brand
        self.mapping = mapping
        self.mappingName = mappingName
        self.fileName = fileName
        self.policy = policy
    }
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

    package mutating func startImport(_ new: NewImport, by actor: String, at now: Instant) throws(PostgresError) {
        try run("import_source", tenantID, new.source, now)
        try must(
            "import_start", tenantID, new.id, new.mode, new.source, new.isSnapshot, new.brand, new.mapping,
            new.mappingName, new.fileName, new.policy, actor, now)
    }

    package mutating func addPiece(_ bytes: [UInt8], number: Int, of id: ID<Import>) throws(PostgresError) {
        try must("import_piece_add", tenantID, id, number, Bytes(bytes))
    }

    package mutating func piece(_ number: Int, of id: ID<Import>) throws(PostgresError) -> [UInt8]? {
        guard let row = try first("import_piece", tenantID, id, number) else { return nil }
        let bytes: Bytes = try row("bytes")
        return bytes.bytes
    }

    /// False when it is not being received any more.
    package mutating func endReceiving(
        _ id: ID<Import>, pieces: Int, size: Int64, sha256: [UInt8], at now: Instant
    ) throws(PostgresError) -> Bool {
        try run("import_received", tenantID, id, pieces, size, Bytes(sha256), now) > 0
    }

    /// The upload broke off; what came of it is thrown away.
    package mutating func abandon(_ id: ID<Import>, code: String, problem: String, at now: Instant)
        throws(PostgresError)
    {
        if try run("import_abandon", tenantID, id, code, problem, now) > 0 {
            try run("import_drop_pieces", tenantID, id)
        }
    }

    /// Uploads begun before an instant and not ended.
    package mutating func staleImports(before: Instant) throws(PostgresError) -> [ID<Import>] {
        try rows("import_stale", tenantID, before).map { row throws(PostgresError) in try row("import_id") }
    }

    package mutating func importRecord(_ id: ID<Import>) throws(PostgresError) -> ImportRecord? {
        try first("import_by_id", tenantID, id).map { row throws(PostgresError) in try ImportRecord(row) }
    }

    package mutating func imports(_ page: Page<Import>) throws(PostgresError) -> [ImportRecord] {
        try rows("import_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try ImportRecord(row) }
    }

    /// False when it does not wait for anybody.
    package mutating func confirm(_ id: ID<Import>, at now: Instant) throws(PostgresError) -> Bool {
        try run("import_confirm", tenantID, id, now) > 0
    }

    /// False when it is too late.
    package mutating func cancel(_ id: ID<Import>, at now: Instant) throws(PostgresError) -> Bool {
        try run("import_cancel", tenantID, id, now) > 0
    }

    package mutating func insert(_ errors: [ImportErrorRecord], of id: ID<Import>) throws(PostgresError) {
        guard !errors.isEmpty else { return }
        try run(
            "import_error_add", tenantID, id, errors.map(\.row), errors.map(\.field), errors.map(\.line),
            errors.map { $0.column ?? "" }, errors.map(\.code), errors.map(\.message))
    }

    /// In the order of the file, from behind row and field of the one seen last.
    package mutating func importErrors(
        of id: ID<Import>, after row: Int = -1, field: String = "", count: Int
    ) throws(PostgresError) -> [ImportErrorRecord] {
        try rows("import_error_page", tenantID, id, row, field, count)
            .map { row throws(PostgresError) in try ImportErrorRecord(row) }
    }
}
