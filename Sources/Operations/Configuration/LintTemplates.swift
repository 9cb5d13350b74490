package import Dunning
package import Postgres
import Store

/// Looks at everything a template says, in every language, as it would be sent now.
package struct LintTemplate: Sendable {
    package struct Finding: Sendable, Equatable {
        /// The language of the text that the problem is in.
        package let locale: LanguageTag
        package let problem: TemplateProblem
    }

    let template: ID<Template>
    let stage: Int?

    /// - Parameter stage: the stage of a step that is not published yet and sends it too.
    package init(_ template: ID<Template>, alsoAt stage: Int? = nil) {
        self.template = template
        self.stage = stage
    }

    /// Errors first in each language; the default language first of all.
    package func run(in tx: inout Transaction) throws -> [Finding] {
        guard let original = try tx.template(template) else { throw Rejection.notFound("template") }
        var use = try TemplateUse(of: original, in: &tx)
        use.stage = [use.stage, stage].compactMap(\.self).min()
        var findings: [Finding] = []
        var seen: Set<TemplateProblem> = []
        for locale in [original.locale] + original.locales.filter({ $0 != original.locale }) {
            guard let record = try tx.template(template, in: locale) else { continue }
            for problem in TemplateLint.problems(in: record.source, locale: locale, use: use) {
                // A language that is missing is missing once, not once for each text there is.
                if problem.code == .missingLocale, !seen.insert(problem).inserted { continue }
                findings.append(Finding(locale: locale, problem: problem))
            }
        }
        return findings
    }
}

/// Looks at everything that the steps of a document would say, in every language, as its brands would send it.
package struct LintTexts: Sendable {
    package struct Finding: Sendable, Equatable {
        package let template: String
        package let locale: LanguageTag
        package let problem: TemplateProblem
    }

    let document: WorkflowDocument

    package init(of document: WorkflowDocument) {
        self.document = document
    }

    /// In the order of the steps; names of templates that are not there are passed over.
    package func run(in tx: inout Transaction) throws -> [Finding] {
        let names = try tx.templateNames()
        let steps = document.steps.map(\.step)
        let workflow = PublishedWorkflow(
            id: .make(at: Instant(microseconds: 0)), workflow: .make(at: Instant(microseconds: 0)),
            escalationGapDays: document.gapDays, steps: steps, limits: document.limits)
        var findings: [Finding] = []
        var seen: Set<String> = []
        for name in document.naming(names).steps.compactMap(\.template) where seen.insert(name).inserted {
            guard let template = names.first(where: { $0.value == name })?.key else { continue }
            let stages = zip(document.naming(names).steps, steps).filter { $0.0.template == name }.map {
                workflow.stage(of: $0.1.key)
            }
            findings += try LintTemplate(template, alsoAt: stages.min()).run(in: &tx).map {
                Finding(template: name, locale: $0.locale, problem: $0.problem)
            }
        }
        return findings
    }
}

extension TemplateUse {
    /// Tenants have a handful of brands.
    private static let brands = 200

    /// - Parameter template: `nil` for one that is not stored yet.
    init(
        of template: TemplateRecord?, adding locale: LanguageTag? = nil, in tx: inout Transaction
    ) throws {
        var stages: [Int] = []
        if let template {
            for record in try tx.workflows(sending: template.id) {
                let workflow = record.published
                stages += record.steps.filter { $0.template == template.id }.map { workflow.stage(of: $0.key) }
            }
        }
        self.init(
            senders: try tx.brands(Page(count: Self.brands)).map(BrandIdentity.init), readers: try tx.readers(),
            written: Set(template?.locales ?? []).union([locale].compactMap(\.self)), stage: stages.min())
    }
}

extension WorkflowRecord {
    /// Its current version.
    var published: PublishedWorkflow {
        PublishedWorkflow(
            id: version, workflow: id, escalationGapDays: escalationGapDays, steps: steps, limits: limits)
    }
}
