package import Dunning
package import Postgres
package import Store

/// Saves what messages say, as a new template or as a new version of one. Nothing that cannot be rendered is ever
/// stored.
package struct SaveTemplate: Sendable {
    package enum Target: Sendable {
        case new(name: String)
        case version(of: ID<Template>)
    }

    let target: Target
    let locale: String
    let source: TemplateSource

    package init(_ target: Target, locale: String = "en", source: TemplateSource) {
        self.target = target
        self.locale = locale
        self.source = source
    }

    /// The stored template, and what an author should look at.
    package func run(
        in tx: inout Transaction, _ context: Context
    ) throws -> (record: TemplateRecord, warnings: [TemplateProblem]) {
        let warnings = try checked()
        let id: ID<Template>
        var number = 1
        switch target {
        case .new(let name):
            id = .make(at: context.now)
            try tx.insertTemplate(id, named: name, at: context.now)
        case .version(let template):
            guard let old = try tx.lockedTemplate(template) else { throw Rejection.notFound("template") }
            // The same text again is the version that is there.
            if old.source == source, old.locale == locale { return (old, warnings) }
            id = template
            number = old.number + 1
        }
        try tx.publish(
            source, locale: locale, as: .make(at: context.now), number: number, of: id, at: context.now)
        guard let record = try tx.template(id) else { preconditionFailure("the template was stored above") }
        try tx.audit(
            context, action: "template.saved", subject: id.uuid, detail: ["name": record.name, "version": "\(number)"])
        return (record, warnings)
    }

    private func checked() throws(Rejection) -> [TemplateProblem] {
        if case .new(let name) = target { try TextRule.line(upTo: 200).check(name, at: "/name") }
        try TextRule.line(upTo: 35).check(locale, at: "/locale")
        let problems = TemplateLint.problems(in: source)
        let errors = problems.filter { $0.severity == .error }
        guard errors.isEmpty else { throw .invalid(errors.map { $0.field }) }
        return problems
    }
}
