package import Dunning
package import Postgres
package import Store

/// A worker's part of an import: reads the uploaded file, checks it, and applies it in chunks.
///
/// Each step is a transaction that also notes how far the import is, so whoever takes it up after a crash goes on there;
/// what an earlier worker still writes is refused by the number of the run.
package struct RunImport: Sendable {
    /// How far an import got before the worker let go of it.
    package enum Outcome: Sendable, Hashable {
        case ended(ImportRecord.State)
        /// A person has to confirm it.
        case waiting
        /// The worker is to stop; another goes on.
        case stopped
    }

    /// Between two transactions; a test may do something there.
    package enum Moment: Sendable, Hashable { case staged, applied }

    let id: ID<Import>
    let limits: ImportLimits
    let isStopping: @Sendable () -> Bool
    let pause: @Sendable (Moment) -> Void

    package init(
        _ id: ID<Import>, limits: ImportLimits = ImportLimits(), isStopping: @escaping @Sendable () -> Bool = { false },
        pause: @escaping @Sendable (Moment) -> Void = { _ in }
    ) {
        self.id = id
        self.limits = limits
        self.isStopping = isStopping
        self.pause = pause
    }

    /// Runs on a database of role `recoup_bulk`. Throws ``PostgresError`` when it is to be taken up again.
    package func run(on database: Database, context: @Sendable () -> Context) async throws -> Outcome {
        var work = try await take(on: database, context())
        guard !work.job.state.isFinal else {
            try await tidy(on: database, context())
            return .ended(work.job.state)
        }
        if work.job.state == .awaitingConfirmation { return .waiting }
        do {
            if try await needsStaging(work, on: database, context().tenant) {
                try await stage(work, on: database, context())
                work = try await reload(work, on: database, context())
                try await CheckRows(job: work.job, mapping: work.mapping, limits: limits).run(on: database, context())
            } else if work.job.state == .validating {
                try await CheckRows(job: work.job, mapping: work.mapping, limits: limits).run(on: database, context())
            }
            let decision = try await DecideImport(work: work).run(on: database, context())
            switch decision {
            case .waiting: return .waiting
            case .ended(let state):
                try await tidy(on: database, context())
                return .ended(state)
            case .stopped: break
            }
            work = try await reload(work, on: database, context())
            guard try await apply(work, on: database, context) else { return .stopped }
        } catch let unusable as StageFile.Unusable {
            try await fail(work, unusable, on: database, context())
            return .ended(.failed)
        } catch is CancellationError {
            return .stopped
        }
        try await tidy(on: database, context())
        // Before the first question about what was imported.
        try await database.write(as: .tenant(context().tenant.uuid)) { tx in try tx.analyzeGrown() }
        return .ended(.done)
    }

    /// What of an import does not change during a run.
    struct Work: Sendable {
        let job: ImportJob
        let mapping: ImportMapping
        let brand: ImportBrand
        /// In the brand's zone, when it was first taken up.
        let today: Day
    }

    private func take(on database: Database, _ context: Context) async throws -> Work {
        try await database.write(as: .tenant(context.tenant.uuid)) { [id] tx in
            guard let known = try tx.importJob(id),
                let brand = try tx.importBrands(named: known.brand.description).first
            else { throw Rejection.notFound("import") }
            if !known.state.isFinal { try tx.takeImport(id, today: brand.zone.day(of: context.now)) }
            return try Self.work(id, brand, in: &tx, context)
        }
    }

    private func reload(_ work: Work, on database: Database, _ context: Context) async throws -> Work {
        try await database.read(as: .tenant(context.tenant.uuid)) { [id] tx in
            try Self.work(id, work.brand, in: &tx, context)
        }
    }

    private static func work(
        _ id: ID<Import>, _ brand: ImportBrand, in tx: inout Transaction, _ context: Context
    ) throws -> Work {
        guard let job = try tx.importJob(id) else { throw Rejection.notFound("import") }
        return Work(
            job: job, mapping: try ImportMapping(json: job.mapping.text), brand: brand,
            today: job.today ?? brand.zone.day(of: context.now))
    }

    /// The staged rows do not outlive a crash of the server.
    private func needsStaging(_ work: Work, on database: Database, _ tenant: ID<Tenant>) async throws -> Bool {
        switch work.job.state {
        case .validating, .applying:
            let rows = try await database.read(as: .tenant(tenant.uuid)) { tx in
                try tx.stagedRows(of: work.job.id)
            }
            return rows != work.job.rowsStaged
        default: return true
        }
    }

    private func stage(_ work: Work, on database: Database, _ context: Context) async throws {
        let scope = Scope.tenant(context.tenant.uuid)
        try await database.write(as: scope) { tx in try tx.restage(work.job) }
        try await dropRows(on: database, context)
        try await StageFile(job: work.job, mapping: work.mapping, today: work.today, limits: limits)
            .run(on: database, context, isStopping: isStopping, pause: pause)
        try await database.write(as: scope) { tx in try tx.move(work.job, from: [.staging], to: .validating) }
    }

    /// False when the worker is to stop in between.
    private func apply(_ work: Work, on database: Database, _ context: @Sendable () -> Context) async throws -> Bool {
        var place = work.job.at
        while true {
            guard !isStopping() else { return false }
            let from = place
            let scope = Scope.tenant(context().tenant.uuid)
            let range = try await database.read(as: scope) { tx in
                try tx.nextRange(of: work.job.id, after: from, size: ApplyChunk.size)
            }
            guard let range else { break }
            try await apply(range, work, on: database, context())
            place = range.to
            pause(.applied)
        }
        return try await CloseAbsent(work: work, isStopping: isStopping).run(on: database, context)
    }

    private func apply(
        _ range: ImportRange, _ work: Work, on database: Database, _ context: Context
    ) async throws {
        var isCareful = false
        for _ in 0..<5 {
            let chunk = ApplyChunk(
                job: work.job, range: range, today: work.today, entry: work.job.entry ?? .review, isCareful: isCareful,
                hasSegments: work.mapping.sources[.customerSegment] != nil)
            do {
                return try await database.write(as: .tenant(context.tenant.uuid)) { tx in
                    try chunk.run(in: &tx, context)
                }
            } catch is ApplyChunk.Raced {
                isCareful = true
            }
        }
        throw ApplyChunk.Raced()
    }

    private func fail(
        _ work: Work, _ unusable: StageFile.Unusable, on database: Database, _ context: Context
    ) async throws {
        try await database.write(as: .tenant(context.tenant.uuid)) { tx in
            try tx.insert(
                [ImportErrorRecord(row: 0, line: 0, field: "file", code: unusable.code, message: unusable.text)],
                of: work.job.id)
            _ = try tx.countErrors(of: work.job.id)
            try tx.finish(work.job, as: .failed, problem: (unusable.code, unusable.text), at: context.now)
            try tx.audit(
                context, action: "import.failed", subject: work.job.id.uuid, detail: ["code": unusable.code])
        }
        try await tidy(on: database, context)
    }

    /// Nothing of the file is kept once the import has ended.
    private func tidy(on database: Database, _ context: Context) async throws {
        try await dropRows(on: database, context)
        try await database.write(as: .tenant(context.tenant.uuid)) { [id] tx in try tx.dropPieces(of: id) }
    }

    private func dropRows(on database: Database, _ context: Context) async throws {
        while try await database.write(
            as: .tenant(context.tenant.uuid),
            { [id] tx in
                guard let range = try tx.nextRange(of: id, after: .start, size: 20_000) else { return false }
                try tx.drop(range, of: id)
                return true
            })
        {}
    }
}
