import Dunning
import Postgres
import Store

/// The end of an import: invoices that a list of all open items lacks are settled, and the source has been heard of.
struct CloseAbsent: Sendable {
    let work: RunImport.Work
    let isStopping: @Sendable () -> Bool

    /// Invoices in one transaction.
    private static let batch = 1_000

    /// The server crashed in between and has lost the staged rows: taken up again, the import reads its file anew.
    struct RowsLost: Error {}

    /// False when the worker is to stop in between.
    func run(on database: Database, _ context: @Sendable () -> Context) async throws -> Bool {
        let job = work.job
        let scope = Scope.tenant(context().tenant.uuid)
        let errors = try await database.write(as: scope) { tx in try tx.countErrors(of: job.id) }
        // A row that could not be read may have been any invoice: then nothing is taken for absent.
        if job.isSnapshot, errors == 0 {
            while try await close(on: database, context()) == Self.batch {
                if isStopping() { return false }
            }
        }
        let now = context()
        try await database.write(as: scope) { tx in
            guard let end = try tx.importJob(job.id), end.rowsApplied == end.rowsStaged else { throw RowsLost() }
            try tx.finish(job, as: .done, at: now.now)
            if try tx.heard(of: job.source, at: now.now) { try Watch.queue(at: now.now, in: &tx) }
            guard let record = try tx.importRecord(job.id) else { throw Rejection.notFound("import") }
            try tx.audit(
                now, action: "import.finished", subject: job.id.uuid,
                detail: [
                    "customers": "\(record.counts.customersCreated)", "invoices": "\(record.counts.invoicesCreated)",
                    "payments": "\(record.counts.paymentsCreated)", "errors": "\(record.errors)",
                ])
        }
        return true
    }

    private func close(on database: Database, _ context: Context) async throws -> Int {
        let (job, entry) = (work.job, work.job.entry ?? .review)
        let absent = try await database.read(as: .tenant(context.tenant.uuid)) { tx in
            try tx.joinByHash()
            return try tx.absentInvoices(job, limit: Self.batch)
        }
        guard !absent.isEmpty else { return 0 }
        return try await database.write(as: .tenant(context.tenant.uuid)) { tx in
            let absent = try tx.followed(absent)
            let customers = Set(absent.map(\.customer)).sorted()
            try PlanCases.lock(customers: customers, in: &tx)
            if try tx.lockAccounts(customers).count < customers.count { try tx.checkStay(customers) }
            let invoices = absent.map(\.invoice)
            var counts = ImportCounts()
            counts.settled = try tx.closeAbsent(invoices)
            try BookAccounts.run(customers: customers, invoices: invoices, in: &tx, context)
            for (customer, absent) in Dictionary(grouping: absent, by: \.customer).sorted(by: { $0.key < $1.key }) {
                try tx.crossMessages(customer: customer, invoices: absent.map(\.invoice))
            }
            guard let at = try tx.importJob(job.id)?.at else { throw Rejection.notFound("import") }
            try tx.noteApplied(job, from: at, to: at, rows: 0, counts)
            try PlanCases.markDirty(customers: customers, entry: entry, in: &tx, context)
            return absent.count
        }
    }
}
