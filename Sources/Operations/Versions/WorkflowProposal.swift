package import Dunning
import Foundation
import Postgres
import Store

/// A version that is not published yet, with its templates by id: what a simulation tries, and what a confirmation is about.
package struct WorkflowProposal: Sendable {
    package let steps: WorkflowSteps
    package let gapDays: Int
    package let limits: WorkflowLimits

    package init(steps: WorkflowSteps, gapDays: Int, limits: WorkflowLimits) {
        self.steps = steps
        self.gapDays = gapDays
        self.limits = limits
    }

    /// A document with its templates by name. Throws ``Rejection/invalid(_:)`` for names nobody has.
    init(_ document: WorkflowDocument, in tx: inout Transaction) throws {
        self.init(
            steps: try WorkflowSteps(try document.steps(naming: try tx.templateNames())), gapDays: document.gapDays,
            limits: document.limits)
    }

    /// As ``json`` wrote it.
    init(json text: String) throws {
        let document = try WorkflowDocument(try JSONDecoder().decode(DocumentValue.self, from: Data(text.utf8)))
        self.init(
            steps: try WorkflowSteps(document.steps.map(\.step)), gapDays: document.gapDays, limits: document.limits)
    }

    /// The same proposal is the same text.
    var json: JSONText {
        let document = WorkflowDocument(
            name: "proposal", gapDays: gapDays, limits: limits,
            steps: steps.list.map { Step.Written(step: $0, template: nil) })
        return JSONText(storing: document.value())
    }
}

extension WorkflowDocument {
    /// The steps with the templates that their names stand for.
    fileprivate func steps(naming names: [ID<Template>: String]) throws(Rejection) -> [Step] {
        let ids = Dictionary(names.map { ($0.value, $0.key) }) { first, _ in first }
        var problems: [FieldProblem] = []
        let found = steps.enumerated().map { index, written in
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
        return found
    }
}
