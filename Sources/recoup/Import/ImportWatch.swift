import Dunning
import Foundation
import Host
import Operations
import Postgres
import Store

/// Shows how far a worker is with an import, until it ends or waits for a person.
struct ImportWatch {
    let id: ID<Import>
    let desk: Desk
    let context: Context

    /// After how long without a change it is asked whether there is a worker at all.
    private static let patience = Duration.seconds(5)

    func untilItEnds() async throws -> ImportRecord {
        let bar = ProgressBar()
        defer { bar.end() }
        var last: (progress: [Int], at: ContinuousClock.Instant) = ([], .now)
        while true {
            let record = try await record()
            show(record, on: bar)
            if record.state.isFinal || record.state == .awaitingConfirmation { return record }
            let progress = [record.piecesRead, record.rowsStaged, record.rowsApplied]
            if progress != last.progress {
                last = (progress, .now)
            } else if ContinuousClock.now - last.at > Self.patience {
                guard try await desk.isWorkerAlive() else {
                    throw Complaint(
                        "no worker is alive; \(id) is safe and goes on when one is (`recoup-worker`)")
                }
                last.at = .now
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    func record() async throws -> ImportRecord {
        let found = try await desk.database(.bulk).read(as: .tenant(context.tenant)) { [id] tx in
            try tx.importRecord(id)
        }
        guard let found else { throw Complaint("there is no import \(id)") }
        return found
    }

    private func show(_ record: ImportRecord, on bar: ProgressBar) {
        switch record.state {
        case .receiving, .received, .staging:
            bar.show(done: record.piecesRead, of: max(record.pieces, 1), note: "MB read, \(record.rowsRead) rows")
        case .validating: bar.show(done: 0, of: max(record.rowsStaged, 1), note: "rows, checking")
        default:
            let errors = record.errors == 0 ? "" : ", \(record.errors) errors"
            bar.show(done: record.rowsApplied, of: max(record.rowsStaged, 1), note: "rows\(errors)")
        }
    }
}

extension Desk {
    /// Whether any worker was heard of within half a minute (database time, as are heartbeats).
    func isWorkerAlive() async throws -> Bool {
        guard let last = try await database(.dispatch).read(as: .none, { tx in try tx.lastHeartbeat() }) else {
            return false
        }
        return Clock.system() - last.microseconds < 30_000_000
    }
}
