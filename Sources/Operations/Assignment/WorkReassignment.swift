import Dunning
import Postgres
import Queue
import Store

/// One portion of a run of reassignment: some customers in one transaction, with how far it has come. A worker that dies loses
/// nothing; the next goes on where the last portion ended.
struct WorkReassignment {
    /// Customers in one portion: their cases stay locked for well under a second.
    private static let portion = 100

    enum Outcome {
        case more
        case finished
        /// A message of the next customer is on the wire.
        case later(Instant)
    }

    let id: ID<Reassignment>

    func step(in tx: inout Transaction, _ context: Context) throws -> Outcome {
        guard let record = try tx.lockedReassignment(id), record.state == .running else { return .finished }
        let customers = try tx.debtors(after: record.after, following: record.from, count: Self.portion)
        guard !customers.isEmpty else {
            try tx.finishReassignment(id, at: context.now)
            try tx.audit(
                context, action: "reassignment.finished", subject: id.uuid,
                detail: ["moved": "\(record.counts.moved)", "opened": "\(record.counts.opened)"])
            return .finished
        }
        let run = ReassignCases(
            entry: record.entry, from: record.from, isDryRun: record.isDryRun, cause: "reassignment")
        let result = try run.run(customers, in: &tx, context)
        let done = customers.prefix(result.counts.customers)
        if let last = done.last { try tx.advance(id, to: last, result.counts) }
        return result.busy == nil ? .more : .later(context.now.adding(seconds: 2))
    }
}
