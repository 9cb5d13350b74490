import Dunning
package import Files
import Foundation
import Postgres
import Store

/// Reads the pieces of an uploaded file and puts its rows into the staging table: a thread of its own reads and checks
/// while the server takes in what it read before. Memory depends on the size of a batch, never on the file.
struct StageFile: Sendable {
    /// Rows of a file, ready to be written in one transaction.
    private struct Batch: Sendable {
        let rows: CopyRows
        let read: Int
        let problems: [ImportProblem]
        let piecesRead: Int
    }

    /// Why a file as a whole cannot be used.
    struct Unusable: Error {
        let code: String
        let text: String
    }

    let job: ImportJob
    let mapping: ImportMapping
    let today: Day
    let limits: ImportLimits

    /// Rows in one transaction.
    private static let batch = 10_000

    /// Throws ``Unusable`` when the file as a whole cannot be used, `CancellationError` when it is to stop.
    func run(
        on database: Database, _ context: Context, isStopping: @escaping @Sendable () -> Bool,
        pause: @escaping @Sendable (RunImport.Moment) -> Void
    ) async throws {
        let pieces = Handoff<[UInt8]>(capacity: 4)
        let batches = Handoff<Result<Batch, any Error>>(capacity: 2)
        let tenant = Array(context.tenant.uuid.postgresText.utf8)
        Thread { [self] in
            read(pieces, into: batches, tenant: tenant)
            batches.close()
            pieces.close()
        }.start()
        defer {
            pieces.close()
            batches.close()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await feed(pieces, from: database, context)
                    pieces.close()
                } catch {
                    // First of all the reader loses its voice: to it the file now ends here, which says nothing of the file.
                    batches.close()
                    pieces.close()
                    throw error
                }
            }
            while let batch = await batches.take() {
                guard !isStopping() else { throw CancellationError() }
                try await write(try batch.get(), on: database, context)
                pause(.staged)
            }
            pieces.close()
            try await group.waitForAll()
        }
    }

    private func feed(_ pieces: Handoff<[UInt8]>, from database: Database, _ context: Context) async throws {
        for number in 0..<job.pieces {
            let piece = try await database.read(as: .tenant(context.tenant.uuid)) { [job] tx in
                try tx.piece(number, of: job.id)
            }
            guard let piece else { throw Unusable(code: "file_lost", text: "a piece of the uploaded file is missing") }
            guard await pieces.put(piece) else { return }
        }
    }

    private func write(_ batch: Batch, on database: Database, _ context: Context) async throws {
        try await database.write(as: .tenant(context.tenant.uuid)) { [job] tx in
            // First of all: whoever lost the import writes nothing.
            try tx.noteStaged(
                job, piecesRead: batch.piecesRead, rowsRead: batch.read, rowsStaged: batch.rows.count)
            try tx.stage(batch.rows)
            try tx.insert(batch.problems.map(\.record), of: job.id)
        }
    }

    /// The thread: pieces in, batches out.
    private func read(
        _ pieces: Handoff<[UInt8]>, into batches: Handoff<Result<Batch, any Error>>, tenant: [UInt8]
    ) {
        var piecesRead = 0
        let source = ByteSource {
            guard let piece = pieces.takeBlocking() else { return nil }
            piecesRead += 1
            return piece
        }
        var staged = StagedRows(job, today: today)
        var problems: [ImportProblem] = []
        var (read, total, faults) = (0, 0, 0)
        func deliver() -> Bool {
            let batch = Batch(
                rows: staged.take(capacity: staged.copy.size + 4_096), read: read, problems: problems,
                piecesRead: piecesRead)
            problems = []
            read = 0
            return batches.putBlocking(.success(batch))
        }
        do {
            var reader = try LedgerReader(source, mapping: mapping, today: today, limits: limits.file)
            do {
                while let (row, found) = try reader.next() {
                    staged.add(row, tenant: tenant)
                    problems += found
                    (read, total, faults) = (read + 1, total + 1, faults + found.count)
                    guard total <= limits.rows else { throw limits.tooManyRows }
                    guard faults <= limits.faults else { throw limits.tooManyFaults }
                    if staged.copy.count >= Self.batch || problems.count >= Self.batch {
                        guard deliver() else { return }
                    }
                }
            } catch let error as FileError {
                // What came before is right; what is behind cannot be read.
                problems.append(
                    ImportProblem(
                        line: error.line ?? 0, row: 0, part: .row, field: "file", code: error.code.rawValue,
                        message: error.message))
            }
            _ = deliver()
        } catch let rejection as Rejection {
            _ = batches.putBlocking(.failure(Unusable(rejection)))
        } catch {
            _ = batches.putBlocking(.failure(error))
        }
    }
}

/// How much an import may hold.
package struct ImportLimits: Sendable {
    /// Bytes uploaded.
    package var upload = 1_073_741_824
    package var rows = 5_000_000
    /// Faults told one by one; a file with more was not meant for its mapping.
    package var faults = 100_000
    package var file = FileLimits()

    package init() {}

    var tooManyRows: StageFile.Unusable {
        StageFile.Unusable(code: "too_many_rows", text: "the file has more than \(rows) rows; cut it into several")
    }

    var tooManyFaults: StageFile.Unusable {
        StageFile.Unusable(
            code: "too_many_errors", text: "more than \(faults) things are wrong; the mapping does not fit this file")
    }
}

extension StageFile.Unusable {
    fileprivate init(_ rejection: Rejection) {
        guard case .invalid(let problems) = rejection, let first = problems.first else {
            self.init(code: "unusable_file", text: "the file cannot be used")
            return
        }
        self.init(code: first.code, text: problems.prefix(10).map(\.detail).joined(separator: "; "))
    }
}

extension ImportProblem {
    var record: ImportErrorRecord {
        ImportErrorRecord(row: row, line: line, column: column, field: field, code: code, message: message)
    }
}
