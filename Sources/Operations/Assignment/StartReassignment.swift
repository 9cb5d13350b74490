package import Dunning
package import Postgres
import Queue
package import Store

/// Begins a run over all who owe that gives each case the workflow it should have by now. The worker does it in portions.
///
/// A dry run comes first and counts; the real one names it. What is counted is thrown away after a day, or when a rule
/// changes.
package struct StartReassignment: Sendable {
    private static let hours = 24

    let confirms: ID<Reassignment>?
    let entry: EntryPolicy

    /// - Parameters:
    ///   - confirms: the finished dry run whose counts were seen; nil for a dry run.
    ///   - entry: how cases enter that it opens: they wait for a person, unless something else is said.
    package init(confirming confirms: ID<Reassignment>?, entry: EntryPolicy = .review) {
        self.confirms = confirms
        self.entry = entry
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> ReassignmentRecord {
        if let confirms { try check(confirms, in: &tx, context) }
        let id = ID<Reassignment>.make(at: context.now)
        guard try tx.insertReassignment(id, confirms: confirms, entry: entry, at: context.now) else {
            throw Rejection.forbiddenByState(
                code: "confirmed_before", detail: "This dry run was confirmed already; make another.")
        }
        let lane = try tx.lane(.upkeep)
        try tx.enqueue([NewDue(kind: .reassign, ref: id.uuid, lane: lane, runAt: context.now)])
        try tx.audit(
            context, action: "reassignment.started", subject: id.uuid,
            detail: ["confirms": confirms?.description ?? "", "entry_policy": entry.text])
        guard let record = try tx.reassignment(id) else { preconditionFailure("runs are never deleted") }
        return record
    }

    private func check(_ dry: ID<Reassignment>, in tx: inout Transaction, _ context: Context) throws {
        guard let record = try tx.reassignment(dry), record.isDryRun else {
            throw Rejection.invalid("/confirm", "unknown_dry_run", "there is no such dry run; make one without confirm")
        }
        guard let finished = record.finishedAt else {
            throw Rejection.forbiddenByState(
                code: "still_running", detail: "The dry run has not finished; what it counts is not known yet.")
        }
        guard finished.adding(hours: Self.hours) > context.now else {
            throw Rejection.forbiddenByState(
                code: "dry_run_too_old", detail: "The dry run is over a day old; make another.")
        }
        let rules = try tx.assignmentRules(Page(count: SaveRule.most))
        guard rules.allSatisfy({ $0.updatedAt <= record.createdAt }) else {
            throw Rejection.forbiddenByState(
                code: "rules_changed", detail: "A rule has changed since the dry run; make another.")
        }
    }
}
