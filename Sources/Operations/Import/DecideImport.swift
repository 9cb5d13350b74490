import Dunning
import Postgres
import Store

/// After the checks: whether anything is applied, how new cases enter, and whether a person has to look first.
struct DecideImport: Sendable {
    let work: RunImport.Work

    /// A list of open items that lacks more than this many percent of what is open waits for a person.
    static let closingLimit = 20

    /// `stopped` means: go on.
    func run(on database: Database, _ context: Context) async throws -> RunImport.Outcome {
        let job = work.job
        guard job.state != .applying else { return .stopped }
        let scope = Scope.tenant(context.tenant.uuid)
        let errors = try await database.write(as: scope) { tx in
            guard try tx.stagedRows(of: job.id) == job.rowsStaged else { throw CloseAbsent.RowsLost() }
            return try tx.countErrors(of: job.id)
        }
        if job.mode == .dryRun { return try await preview(on: database, context) }
        // Some of it was applied before the server lost the staged rows: then it goes on.
        let hasBegun = job.at != .start
        if job.mode == .atomic, errors > 0, !hasBegun {
            return try await end(
                .failed, ("has_errors", "nothing was taken in, since \(errors) things are wrong in the file"),
                on: database, context)
        }
        let entry = try await entry(on: database, context)
        return try await database.write(as: scope) { tx in
            try tx.decide(entry, for: job)
            if job.isSnapshot, !job.isConfirmed, !hasBegun, errors == 0 {
                try tx.joinByHash()
                let counts = try tx.snapshotCounts(job)
                if counts.closing * 100 > counts.open * Self.closingLimit {
                    try tx.awaitConfirmation(job, closing: counts.closing, of: counts.open)
                    return .waiting
                }
            }
            try tx.move(job, from: [.validating], to: .applying)
            if !hasBegun {
                try tx.audit(
                    context, action: "import.started", subject: job.id.uuid,
                    detail: ["rows": "\(job.rowsRead)", "errors": "\(errors)", "entry_policy": entry.text])
            }
            return .stopped
        }
    }

    /// What was asked for; else many or old debts wait for a person. In shadow the activation decides.
    private func entry(on database: Database, _ context: Context) async throws -> EntryPolicy {
        let job = work.job
        if let known = job.entry ?? job.asked { return known }
        if work.brand.mode == .shadow { return .firstStage }
        let (today, grace) = (work.today, work.brand.graceDays)
        let entering = try await database.read(as: .tenant(context.tenant.uuid)) { tx in
            try tx.joinByHash()
            return try tx.entering(job, today: today, overdueBefore: today.adding(-grace))
        }
        return .standard(customers: entering.customers, oldestDaysOverdue: entering.oldest)
    }

    private func preview(on database: Database, _ context: Context) async throws -> RunImport.Outcome {
        let job = work.job
        try await database.write(as: .tenant(context.tenant.uuid)) { tx in
            try tx.joinByHash()
            let totals = try tx.dryTotals(job)
            var counts = ImportCounts()
            counts.customersCreated = totals.customers
            counts.invoicesCreated = totals.invoices
            counts.paymentsCreated = totals.payments
            counts.creditNotesCreated = totals.creditNotes
            if job.isSnapshot { counts.settled = try tx.snapshotCounts(job).closing }
            try tx.move(job, from: [.validating], to: .applying)
            try tx.noteApplied(job, from: .start, to: .start, rows: 0, counts)
            try tx.finish(job, as: .done, at: context.now)
        }
        return .ended(.done)
    }

    private func end(
        _ state: ImportRecord.State, _ problem: (code: String, text: String), on database: Database, _ context: Context
    ) async throws -> RunImport.Outcome {
        let job = work.job
        try await database.write(as: .tenant(context.tenant.uuid)) { tx in
            try tx.finish(job, as: state, problem: problem, at: context.now)
            try tx.audit(
                context, action: "import.failed", subject: job.id.uuid, detail: ["code": problem.code])
        }
        return .ended(state)
    }
}
