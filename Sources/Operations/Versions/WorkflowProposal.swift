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
