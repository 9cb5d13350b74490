package import Dunning
package import Postgres
package import Store

/// Takes in a workflow as a document: a new workflow, or a new version of the one of that name. The same document again changes
/// nothing.
package struct PutWorkflow: Sendable {
    let document: WorkflowDocument
    let place: WorkflowName?
    let movesCases: Bool
    let confirmation: ID<SimulationRun>?

    /// - Parameters:
    ///   - place: which workflow it is to be a version of; the document's own name says the same.
    ///   - movesCases: whether open cases go over to the version; where many would, a simulation confirms it.
    package init(
        _ document: WorkflowDocument, as place: WorkflowName? = nil, movesCases: Bool = false,
        confirmation: ID<SimulationRun>? = nil
    ) {
        self.document = document
        self.place = place
        self.movesCases = movesCases
        self.confirmation = confirmation
    }

    package typealias Result = (record: WorkflowRecord, isNew: Bool, changes: [WorkflowDiff.Change])

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        let names = try tx.templateNames()
        let proposal = try WorkflowProposal(document, in: &tx)
        let found = try document.target(as: place, in: &tx)
        let old = found.map { WorkflowDocument($0, templates: names) }
        let changes = WorkflowDiff.changes(from: old, to: document.naming(names))
        guard let found else {
            let publish = try PublishWorkflow(
                .new(name: document.name), steps: proposal.steps, gapDays: proposal.gapDays, limits: proposal.limits)
            return (try publish.run(in: &tx, context), true, changes)
        }
        if changes.isEmpty { return (found, false, []) }
        let publish = PublishVersion(
            proposal, of: found.id, movesCases: movesCases, confirmation: confirmation)
        return (try publish.run(in: &tx, context), false, changes)
    }

    /// Throws what publishing it would refuse.
    func check(in tx: inout Transaction) throws {
        let proposal = try WorkflowProposal(document, in: &tx)
        try PublishWorkflow(
            .new(name: document.name), steps: proposal.steps, gapDays: proposal.gapDays, limits: proposal.limits
        ).refuseUnknownTemplates(in: &tx)
    }
}

extension WorkflowDocument {
    /// The workflow that this is a version of; nil where none has its name. Throws where another one was meant.
    func target(as place: WorkflowName?, in tx: inout Transaction) throws -> WorkflowRecord? {
        let found = try tx.workflow(named: name)
        let other = Rejection.invalid(
            "/name", "other_name", "must be the name of the workflow that is meant; a workflow keeps its name")
        switch place {
        case .id(let id):
            guard try tx.workflow(id) != nil else { throw Rejection.notFound("workflow") }
            guard found?.id == id else { throw other }
        case .name(let wanted): guard wanted == name else { throw other }
        case nil: break
        }
        return found
    }
}
