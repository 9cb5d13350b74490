package import Dunning
package import Postgres
package import Store

/// Saves what messages say, as a new template or as a new version of one language of it. Nothing that cannot be rendered
/// is ever stored.
package struct SaveTemplate: Sendable {
    package enum Target: Sendable {
        /// Its first language is what customers get whose own has no text.
        case new(name: String)
        case version(of: ID<Template>)
    }

    let target: Target
    let locale: LanguageTag?
    let source: TemplateSource

    /// - Parameter locale: English for a new template when not given, else the template's default.
    package init(_ target: Target, locale: LanguageTag? = nil, source: TemplateSource) {
        self.target = target
        self.locale = locale
        self.source = source
    }

    /// The stored template, and what an author should look at.
    package func run(
        in tx: inout Transaction, _ context: Context
    ) throws -> (record: TemplateRecord, warnings: [TemplateProblem]) {
        switch target {
        case .new(let name):
            try TextRule.line(upTo: 200).check(name, at: "/name")
            let locale = locale ?? .english
            let warnings = try checked(in: locale, TemplateUse(of: nil, adding: locale, in: &tx))
            let id = ID<Template>.make(at: context.now)
            try tx.insertTemplate(id, named: name, locale: locale, at: context.now)
            return (try publish(1, in: locale, of: id, tx: &tx, context), warnings)
        case .version(let id):
            guard let template = try tx.lockedTemplate(id) else { throw Rejection.notFound("template") }
            let locale = locale ?? template.defaultLocale
            let warnings = try checked(in: locale, TemplateUse(of: template, adding: locale, in: &tx))
            let old = try tx.template(id, in: locale)
            // The same text again is the version that is there.
            if let old, old.source == source { return (old, warnings) }
            return (try publish((old?.number ?? 0) + 1, in: locale, of: id, tx: &tx, context), warnings)
        }
    }

    private func publish(
        _ number: Int, in locale: LanguageTag, of template: ID<Template>, tx: inout Transaction, _ context: Context
    ) throws -> TemplateRecord {
        let version = NewTemplateVersion(id: .make(at: context.now), number: number, locale: locale, source: source)
        try tx.publish([version], of: template, at: context.now)
        guard let record = try tx.template(template, in: locale) else {
            preconditionFailure("the template was stored above")
        }
        try tx.audit(
            context, action: "template.saved", subject: template.uuid,
            detail: ["name": record.name, "locale": locale.text, "version": "\(number)"])
        return record
    }

    private func checked(in locale: LanguageTag, _ use: TemplateUse) throws(Rejection) -> [TemplateProblem] {
        let problems = TemplateLint.problems(in: source, locale: locale, use: use)
        let errors = problems.filter { $0.severity == .error }
        guard errors.isEmpty else { throw .invalid(errors.map { $0.field }) }
        return problems
    }
}
