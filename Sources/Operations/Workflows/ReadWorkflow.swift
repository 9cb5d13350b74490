package import Dunning
package import Postgres
package import Store

/// How a workflow is named from outside: by its id, or by its own name.
package enum WorkflowName: Sendable, Hashable {
    case id(ID<Workflow>)
    case name(String)

    package init(_ text: String) { self = ID<Workflow>(text).map(WorkflowName.id) ?? .name(text) }

    package func find(in tx: inout Transaction) throws -> WorkflowRecord? {
        switch self {
        case .id(let id): try tx.workflow(id)
        case .name(let name): try tx.workflow(named: name)
        }
    }
}

/// The current version of a workflow as a document, with its templates by name.
package enum ReadWorkflow {
    package static func document(_ name: WorkflowName, in tx: inout Transaction) throws -> WorkflowDocument? {
        guard let record = try name.find(in: &tx) else { return nil }
        return WorkflowDocument(record, templates: try tx.templateNames())
    }
}

extension WorkflowDocument {
    /// Every template by its name, also where the writer gave an id.
    func naming(_ names: [ID<Template>: String]) -> WorkflowDocument {
        var document = self
        document.steps = steps.map { written in
            guard written.template == nil, let name = written.step.template.flatMap({ names[$0] }) else {
                return written
            }
            return Step.Written(step: written.step.with(template: nil), template: name)
        }
        return document
    }

    init(_ record: WorkflowRecord, templates: [ID<Template>: String]) {
        self.init(
            name: record.name, gapDays: record.escalationGapDays, limits: record.limits,
            steps: record.steps.map { step in
                Step.Written(step: step.with(template: nil), template: step.template.flatMap { templates[$0] })
            })
    }
}
