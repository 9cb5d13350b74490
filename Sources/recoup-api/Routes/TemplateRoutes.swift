import Dunning
import HTTPTypes
import Operations
import Store

extension Route {
    static let templates: [Route] = [
        .tenant(.post, "/v1/templates") { call in
            let save = try await call.body { fields in
                SaveTemplate(
                    .new(name: fields.line("name", upTo: 200)), locale: fields.locale(optional: "locale"),
                    source: fields.templateSource())
            }
            let (record, warnings) = try await call.write { try save.run(in: &$0, $1) }
            return .created(TemplateResponse(record, warnings: warnings))
        },
        .tenant(.get, "/v1/templates", query: ["limit", "cursor"]) { call in
            let page: Page<Template> = try call.query.page()
            return .page(page, try await call.read { try $0.templates(page) }, id: \.id) { TemplateResponse($0) }
        },
        .tenant(.get, "/v1/templates/{id}", query: ["locale"]) { call in
            let id = try call.id(Template.self, "template")
            let locale = try call.query.value("locale", "bad_locale", LanguageTag.form, LanguageTag.init(_:))
            return .ok(TemplateResponse(try await call.find("template") { try $0.template(id, in: locale) }))
        },
        .tenant(.put, "/v1/templates/{id}") { call in
            let id = try call.id(Template.self, "template")
            let save = try await call.body { fields in
                SaveTemplate(
                    .version(of: id), locale: fields.locale(optional: "locale"), source: fields.templateSource())
            }
            let (record, warnings) = try await call.write { try save.run(in: &$0, $1) }
            return .ok(TemplateResponse(record, warnings: warnings))
        },
        .tenant(.post, "/v1/templates/{id}/preview") { call in
            let id = try call.id(Template.self, "template")
            let preview = try await call.body { fields in
                PreviewTemplate(
                    id, for: fields.id("customer_id"), from: fields.id(optional: "brand_id"),
                    locale: fields.locale(optional: "locale"))
            }
            let context = call.operation
            return .ok(PreviewResponse(try await call.read { try preview.run(in: &$0, context) }))
        },
        .tenant(.get, "/v1/templates/{id}/lint") { call in
            let lint = LintTemplate(try call.id(Template.self, "template"))
            return .ok(FindingsResponse(try await call.read { try lint.run(in: &$0) }))
        },
        .tenant(.post, "/v1/templates/lint") { call in
            let problems = try await call.body { fields in
                TemplateLint.problems(
                    in: fields.templateSource(), locale: fields.locale(optional: "locale") ?? .english,
                    stage: fields.int(optional: "stage", in: 0...99))
            }
            return .ok(LintResponse(problems))
        },
    ]
}

extension Fields {
    fileprivate mutating func templateSource() -> TemplateSource {
        // A template may do without a mail once it has a text message.
        guard let sms = source(optional: "sms") else {
            return TemplateSource(subject: source("subject"), text: source("text"), html: source("html"))
        }
        return TemplateSource(
            subject: source(optional: "subject") ?? "", text: source(optional: "text") ?? "",
            html: source(optional: "html") ?? "", sms: sms)
    }
}

/// How long a text message is.
struct SegmentsResponse: Encodable, Sendable, Spreadable {
    static let absence: [String: String?] = ["encoding": nil, "units": nil, "parts": nil, "usual_most": nil]

    let encoding: String
    let units: Int
    let parts: Int
    /// Parts a gateway sends at most unless it is told otherwise.
    let usualMost: Int

    init(_ segments: TextSegments) {
        encoding = segments.encoding.rawValue
        units = segments.units
        parts = segments.count
        usualMost = TextLint.usualParts
    }
}

struct PreviewResponse: Encodable, Sendable {
    let locale: LanguageTag
    @OrNull var subject: String?
    @OrNull var text: String?
    @OrNull var html: String?
    @OrNull var sms: String?
    @OrNull var smsLength: SegmentsResponse?
    let isSample: Bool

    init(_ result: PreviewTemplate.Result) {
        locale = result.locale
        subject = result.mail?.subject
        text = result.mail?.text
        html = result.mail?.html
        sms = result.text?.text
        smsLength = result.text.map { SegmentsResponse(TextSegments($0.text)) }
        isSample = result.isSample
    }
}

struct LintResponse: Encodable, Sendable {
    let savable: Bool
    let problems: [TemplateProblemResponse]

    init(_ problems: [TemplateProblem]) {
        savable = TemplateLint.isSavable(problems)
        self.problems = problems.map(TemplateProblemResponse.init)
    }
}

struct FindingsResponse: Encodable, Sendable {
    struct Finding: Encodable, Sendable {
        let locale: LanguageTag
        let problem: TemplateProblemResponse
    }

    let findings: [Finding]

    init(_ findings: [LintTemplate.Finding]) {
        self.findings = findings.map {
            Finding(locale: $0.locale, problem: TemplateProblemResponse($0.problem))
        }
    }
}

struct TemplateProblemResponse: Encodable, Sendable {
    let part: String
    let severity: String
    let code: String
    let line: Int
    let offset: Int
    @OrNull var name: String?
    let message: String

    init(_ problem: TemplateProblem) {
        part = problem.part.rawValue
        severity = problem.severity.rawValue
        code = problem.code.rawValue
        line = problem.line
        offset = problem.offset
        name = problem.name
        message = problem.message
    }
}

struct TemplateResponse: Encodable, Sendable {
    let id: ID<Template>
    let name: String
    let defaultLocale: LanguageTag
    /// Every language with a text.
    let locales: [LanguageTag]
    let versionId: ID<TemplateVersion>
    let version: Int
    let locale: LanguageTag
    let subject: String
    let text: String
    let html: String
    @OrNull var sms: String?
    /// With made-up invoices of usual length.
    @OrNull var smsLength: SegmentsResponse?
    let createdAt: Instant
    let versionCreatedAt: Instant
    /// Only where something was saved.
    let warnings: [TemplateProblemResponse]?

    init(_ record: TemplateRecord, warnings: [TemplateProblem]? = nil) {
        id = record.id
        name = record.name
        defaultLocale = record.defaultLocale
        locales = record.locales
        versionId = record.version
        version = record.number
        locale = record.locale
        subject = record.source.subject
        text = record.source.text
        html = record.source.html
        sms = record.source.sms
        smsLength = TextLint.segments(of: record.source, locale: record.locale).map(SegmentsResponse.init)
        createdAt = record.createdAt
        versionCreatedAt = record.versionCreatedAt
        self.warnings = warnings?.map(TemplateProblemResponse.init)
    }
}
