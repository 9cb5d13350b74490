import Dunning
import Postgres
import Store

/// What a new tenant starts with: the default texts as templates in every language they exist in, and a workflow that
/// sends them in turn.
enum StandardWorkflow {
    static let name = "Standard"
    /// Civil days between two contacts.
    static let gapDays = 7

    /// Stores the templates and publishes the workflow.
    static func make(in tx: inout Transaction, _ context: Context) throws -> ID<Workflow> {
        var steps: [Step] = []
        for letter in DefaultTemplate.all { steps.append(letter.step(with: try letter.save(in: &tx, context))) }
        let publish = try PublishWorkflow(.new(name: name), steps: try WorkflowSteps(steps), gapDays: gapDays)
        return try publish.run(in: &tx, context).id
    }
}

extension DefaultTemplate {
    /// The last letter is a final notice: whether it arrived is for a person to find out.
    fileprivate func step(with template: ID<Template>) -> Step {
        Step(
            key: key, kind: .email, timing: day < 0 ? .beforeDue(-day) : .afterDue(day), template: template,
            tier: self == .final ? .final : .reminder)
    }
}
