package import Dunning
package import Postgres
package import Store

/// Takes a workflow out of use: no case is opened under it any more. Cases that follow it go on to their end, or are moved by a
/// run of reassignment over them. Archiving it again changes nothing.
///
/// Whoever is opening a case at the same moment may still open one under it: nothing is locked for that. Pins of customers and
/// invoices may go on naming it; they are passed over.
package struct ArchiveWorkflow: Sendable {
    let workflow: ID<Workflow>

    package init(_ workflow: ID<Workflow>) { self.workflow = workflow }

    /// Throws ``Rejection/forbiddenByState(code:detail:)`` with `workflow_in_use` while tenant, brand or rule names it: what all
    /// of their customers are to follow instead has to be said first.
    package func run(in tx: inout Transaction, _ context: Context) throws -> WorkflowRecord {
        guard let old = try tx.lockedWorkflow(workflow) else { throw Rejection.notFound("workflow") }
        guard old.archivedAt == nil else { return old }
        let places = try tx.places(naming: workflow)
        guard places.isEmpty else {
            throw Rejection.forbiddenByState(
                code: "workflow_in_use",
                detail: "New cases follow it by what \(places.joined(separator: ", ")) says: name another there first.")
        }
        try tx.setArchived(workflow, at: context.now)
        try tx.audit(context, action: "workflow.archived", subject: workflow.uuid, detail: ["name": old.name])
        return try tx.workflow(workflow) ?? old
    }
}

/// Puts an archived workflow into use again: it may be named, and cases are opened under it. Restoring one in use changes
/// nothing.
package struct RestoreWorkflow: Sendable {
    let workflow: ID<Workflow>

    package init(_ workflow: ID<Workflow>) { self.workflow = workflow }

    package func run(in tx: inout Transaction, _ context: Context) throws -> WorkflowRecord {
        guard let old = try tx.lockedWorkflow(workflow) else { throw Rejection.notFound("workflow") }
        guard old.archivedAt != nil else { return old }
        try tx.setArchived(workflow, at: nil)
        try tx.audit(context, action: "workflow.restored", subject: workflow.uuid, detail: ["name": old.name])
        return try tx.workflow(workflow) ?? old
    }
}

extension Transaction {
    /// Throws ``Rejection`` for a workflow that is archived, where it is to be named for many.
    mutating func checkInUse(_ workflow: ID<Workflow>) throws {
        guard try archivedWorkflows()[workflow] == nil else {
            throw Rejection.invalid("/workflow_id", "workflow_archived", "the workflow is archived; restore it first")
        }
    }
}
