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
    let from: ID<Workflow>?
    let entry: EntryPolicy

    /// - Parameters:
    ///   - confirms: the finished dry run whose counts were seen; nil for a dry run.
    ///   - from: only cases that follow this workflow, archived or not; a real run takes it from its dry run.
    ///   - entry: how cases enter that it opens: they wait for a person, unless something else is said.
    package init(confirming confirms: ID<Reassignment>?, from: ID<Workflow>? = nil, entry: EntryPolicy = .review) {
        self.confirms = confirms
        self.from = from
        self.entry = entry
    }

    package func run(in tx: inout Transaction, _ context: Context) throws -> ReassignmentRecord {
        if let from { try tx.checkExists(from) }
        let from = try confirms.map { try check($0, in: &tx, context).from } ?? from
        let id = ID<Reassignment>.make(at: context.now)
        guard try tx.insertReassignment(id, confirms: confirms, from: from, entry: entry, at: context.now) else {
            throw Rejection.forbiddenByState(
                code: "confirmed_before", detail: "This dry run was confirmed already; make another.")
        }
        let lane = try tx.lane(.upkeep)
        try tx.enqueue([NewDue(kind: .reassign, ref: id.uuid, lane: lane, runAt: context.now)])
        try tx.audit(
            context, action: "reassignment.started", subject: id.uuid,
            detail: [
                "confirms": confirms?.description ?? "", "from": from?.description ?? "", "entry_policy": entry.text,
            ])
        guard let record = try tx.reassignment(id) else { preconditionFailure("runs are never deleted") }
        return record
    }

    private func check(
        _ dry: ID<Reassignment>, in tx: inout Transaction, _ context: Context
    ) throws -> ReassignmentRecord {
        guard let record = try tx.reassignment(dry), record.isDryRun else {
            throw Rejection.invalid("/confirm", "unknown_dry_run", "there is no such dry run; make one without confirm")
        }
        guard from == nil || from == record.from else {
            throw Rejection.invalid(
                "/workflow_id", "other_dry_run", "the dry run was over other cases; leave it out, or make another")
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
        guard try tx.archivedWorkflows().values.allSatisfy({ $0 <= record.createdAt }) else {
            throw Rejection.forbiddenByState(
                code: "rules_changed", detail: "A workflow was archived since the dry run; make another.")
        }
        return record
    }
}
