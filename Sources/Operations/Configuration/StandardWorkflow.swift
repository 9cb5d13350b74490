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
        for letter in DefaultTemplate.all {
            let template = ID<Template>.make(at: context.now)
            try tx.insertTemplate(template, named: letter.name, locale: DefaultTemplate.original, at: context.now)
            let versions = DefaultTemplate.languages.map { locale in
                NewTemplateVersion(
                    id: .make(at: context.now), number: 1, locale: locale, source: letter.source(in: locale))
            }
            try tx.publish(versions, of: template, at: context.now)
            try tx.audit(
                context, action: "template.saved", subject: template.uuid,
                detail: [
                    "name": letter.name, "locale": versions.map(\.locale.text).joined(separator: ", "), "version": "1",
                ])
            steps.append(letter.step(with: template))
        }
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
