package import Dunning
package import Postgres
package import Store

/// Takes one CSV file in: customers, invoices and payments by a declared mapping.
///
/// Good parts go in, bad ones are reported by line. Rows are written customer by customer, in chunks of their own
/// transactions, so an import that is killed leaves whole customers behind, and the same file again brings the rest.
package struct ImportLedger: Sendable {
    let bytes: [UInt8]
    let mapping: ImportMapping
    let policy: EntryPolicy?

    /// - Parameters:
    ///   - csv: the file's bytes, UTF-8, with a header.
    ///   - policy: how new cases enter. Where nobody chose, many or old debts wait for a person
    ///     (``EntryPolicy/standard(customers:oldestDaysOverdue:)``); in shadow the activation decides, and cases enter
    ///     at the first stage until then.
    package init(csv: [UInt8], mapping: ImportMapping, entry policy: EntryPolicy? = nil) {
        bytes = csv
        self.mapping = mapping
        self.policy = policy
    }

    /// Runs the import on a database of role `recoup_bulk`.
    ///
    /// Throws ``Rejection`` when the file or the mapping as a whole cannot be used; nothing is written then.
    /// - Parameter progress: called after each chunk.
    package func run(
        on database: Database, _ context: Context, progress: @Sendable (ImportProgress) -> Void = { _ in }
    ) async throws -> ImportReport {
        try mapping.checkWritten()
        let scope = Scope.tenant(context.tenant.uuid)
        let brand = try await database.read(as: scope) { [mapping] tx in try Self.brand(mapping, in: &tx) }
        let today = brand.zone.day(of: context.now)
        let file = try LedgerFile(bytes, mapping: mapping, today: today)
        let standing = ImportStanding(file, brand: brand, today: today)
        let entry: EntryPolicy =
            if let policy {
                policy
            } else if brand.mode == .shadow {
                .firstStage
            } else {
                try await database.read(as: scope) { tx in try standing.policy(in: &tx) }
            }
        let plan = ImportPlan(
            id: .make(at: context.now), mapping: mapping, brand: brand, today: today, entry: entry)
        try await database.write(as: scope) { tx in try plan.start(file, in: &tx, context) }
        do {
            try await write(file, plan, on: database, context, progress)
        } catch {
            // The first error is the one to tell; an import that stays "running" is harmless.
            try? await database.write(as: scope) { tx in try tx.finishImport(plan.id, as: .failed, at: context.now) }
            throw error
        }
        return try await database.write(as: scope) { tx in try plan.finish(in: &tx, context) }
    }

    private func write(
        _ file: LedgerFile, _ plan: ImportPlan, on database: Database, _ context: Context,
        _ progress: @Sendable (ImportProgress) -> Void
    ) async throws {
        let refused = file.rowCount - file.customers.reduce(0) { $0 + $1.count }
        var state = ImportProgress(rowsDone: refused, rowCount: file.rowCount, errors: file.problems.count)
        progress(state)
        for chunk in ImportChunk.chunks(of: file.customers) {
            var tries = 0
            while true {
                do {
                    let counts = try await database.write(as: .tenant(context.tenant.uuid)) { tx in
                        try chunk.write(plan, in: &tx, context)
                    }
                    state.errors += counts.errors
                    break
                } catch is ImportChunk.Raced where tries < 3 {
                    tries += 1
                }
            }
            state.rowsDone += chunk.rows.count
            progress(state)
        }
    }

    private static func brand(_ mapping: ImportMapping, in tx: inout Transaction) throws -> ImportBrand {
        let brands = try tx.importBrands(named: mapping.brand)
        guard let brand = brands.first else {
            throw mapping.brand == nil
                ? Rejection.forbiddenByState(code: "no_brand", detail: "the tenant has no brand yet; make one first")
                : Rejection.invalid("/brand", "unknown_brand", "the tenant has no brand of this name or id")
        }
        guard brands.count == 1 else {
            throw Rejection.invalid(
                "/brand", "required", "the tenant has several brands; the mapping says which by id or name")
        }
        return brand
    }
}

/// How far an import is.
package struct ImportProgress: Sendable, Equatable {
    package var rowsDone: Int
    package let rowCount: Int
    package var errors: Int
}

/// What an import did.
package struct ImportReport: Sendable, Equatable {
    package let record: ImportRecord
    /// The first of them, by line; the rest are in the row report of the import.
    package let problems: [ImportErrorRecord]

    /// How many problems a report holds at most.
    package static let problemLimit = 1_000
}

extension ImportMapping {
    /// Throws ``Rejection`` for what can be read and is not written.
    fileprivate func checkWritten() throws(Rejection) {
        let written: Set<ImportTarget> = [
            .customerExternalID, .customerName, .customerKind, .contactEmail, .contactName, .invoiceExternalID,
            .invoiceNumber, .invoiceIssueDate, .invoiceDueDate, .invoiceAmount, .invoiceCurrency, .paymentExternalID,
            .paymentValueDate, .paymentAmount, .paymentMethod,
        ]
        let detail = "an import cannot write this yet"
        var problems = sources.keys.filter { !written.contains($0) }.map(\.name).sorted()
            .map { FieldProblem(pointer: "/fields/\($0)", code: "not_written", detail: detail) }
        if has(.payment), !has(.invoice) {
            problems.append(FieldProblem(pointer: "/fields", code: "not_written", detail: detail))
        }
        for (key, isAsked) in [
            ("negative", negative != .error), ("snapshot", isSnapshot), ("source", source != Self.standardSource),
        ] where isAsked {
            problems.append(FieldProblem(pointer: "/\(key)", code: "not_written", detail: detail))
        }
        guard problems.isEmpty else { throw .invalid(problems) }
    }
}

extension ImportPlan {
    /// Writes the import's own row and what the file alone made known.
    func start(_ file: LedgerFile, in tx: inout Transaction, _ context: Context) throws {
        try tx.startImport(id, mapping: mapping.json, entry: entry, rows: file.rowCount, at: context.now)
        try tx.insert(file.problems.map(\.record), of: id)
        var counts = ImportCounts()
        counts.errors = file.problems.count
        try tx.count(counts, in: id)
        try tx.audit(
            context, action: "import.started", subject: id.uuid,
            detail: ["rows": "\(file.rowCount)", "entry_policy": entry.text])
    }

    func finish(in tx: inout Transaction, _ context: Context) throws -> ImportReport {
        try tx.finishImport(id, as: .done, at: context.now)
        guard let record = try tx.importRecord(id) else { preconditionFailure("the import was started above") }
        try tx.audit(
            context, action: "import.finished", subject: id.uuid,
            detail: [
                "customers": "\(record.customersCreated)", "invoices": "\(record.invoicesCreated)",
                "payments": "\(record.paymentsCreated)", "unchanged": "\(record.unchanged)",
                "errors": "\(record.errors)",
            ])
        return ImportReport(record: record, problems: try tx.importErrors(of: id, count: ImportReport.problemLimit))
    }
}
