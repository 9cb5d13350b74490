package import Dunning
package import Postgres
package import Store

/// Takes in a workflow as a document: a new workflow, or a new version of the one of that name. The same document again changes
/// nothing.
package struct PutWorkflow: Sendable {
    let document: WorkflowDocument
    let place: WorkflowName?

    /// - Parameter place: which workflow it is to be a version of; the document's own name says the same.
    package init(_ document: WorkflowDocument, as place: WorkflowName? = nil) {
        self.document = document
        self.place = place
    }

    package typealias Result = (record: WorkflowRecord, isNew: Bool, changes: [WorkflowDiff.Change])

    package func run(in tx: inout Transaction, _ context: Context) throws -> Result {
        let names = try tx.templateNames()
        let steps = try resolved(names)
        let found = try tx.workflow(named: document.name)
        switch place {
        case .id(let id):
            guard try tx.workflow(id) != nil else { throw Rejection.notFound("workflow") }
            guard found?.id == id else { throw otherName }
        case .name(let name): guard name == document.name else { throw otherName }
        case nil: break
        }
        let old = found.map { WorkflowDocument($0, templates: names) }
        let changes = WorkflowDiff.changes(from: old, to: document.naming(names))
        if let found, changes.isEmpty { return (found, false, []) }
        let target: PublishWorkflow.Target = if let found { .version(of: found.id) } else { .new(name: document.name) }
        let publish = try PublishWorkflow(
            target, steps: try WorkflowSteps(steps), gapDays: document.gapDays, limits: document.limits)
        return (try publish.run(in: &tx, context), found == nil, changes)
    }

    /// Throws what publishing it would refuse.
    func check(in tx: inout Transaction) throws {
        let steps = try WorkflowSteps(try resolved(try tx.templateNames()))
        try PublishWorkflow(.new(name: document.name), steps: steps, gapDays: document.gapDays, limits: document.limits)
            .refuseUnknownTemplates(in: &tx)
    }

    private var otherName: Rejection {
        .invalid("/name", "other_name", "must be the name of the workflow that is put; a workflow keeps its name")
    }

    /// The steps with the templates that their names stand for.
    private func resolved(_ names: [ID<Template>: String]) throws(Rejection) -> [Step] {
        let ids = Dictionary(names.map { ($0.value, $0.key) }) { first, _ in first }
        var problems: [FieldProblem] = []
        let steps = document.steps.enumerated().map { index, written in
            guard let name = written.template else { return written.step }
            if ids[name] == nil {
                problems.append(
                    FieldProblem(
                        pointer: "/steps/\(index)/template", code: "unknown_template",
                        detail: "there is no template named \(name.prefix(100)); save it first"))
            }
            return written.step.with(template: ids[name])
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        return steps
    }
}
