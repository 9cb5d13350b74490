package import Dunning
package import Postgres

/// A template with its current version in one language.
package struct TemplateRecord: Sendable, Equatable {
    package let id: ID<Template>
    package let name: String
    package let createdAt: Instant
    /// For customers whose own language has no text: the first it was saved in.
    package let defaultLocale: LanguageTag
    /// Every language with a text, sorted.
    package let locales: [LanguageTag]
    package let version: ID<TemplateVersion>
    /// Counted from 1 in each language.
    package let number: Int
    package let locale: LanguageTag
    package let source: TemplateSource
    package let versionCreatedAt: Instant

    init(_ row: Row) throws(PostgresError) {
        id = try row("template_id")
        name = try row("name")
        createdAt = try row("created_at")
        defaultLocale = try row("default_locale")
        locales = try row("locales")
        version = try row("template_version_id")
        number = try row("number")
        locale = try row("locale")
        source = TemplateSource(
            subject: try row("subject"), text: try row("text_body"), html: try row("html_body"),
            sms: try row.optional("sms_body"))
        versionCreatedAt = try row("version_created_at")
    }
}

/// A text in one language, about to be stored.
package struct NewTemplateVersion: Sendable {
    package let id: ID<TemplateVersion>
    package let number: Int
    package let locale: LanguageTag
    package let source: TemplateSource

    package init(id: ID<TemplateVersion>, number: Int, locale: LanguageTag, source: TemplateSource) {
        self.id = id
        self.number = number
        self.locale = locale
        self.source = source
    }
}

extension Transaction {
    /// - Parameter locale: the language of the text that is published next, and the default from now on.
    package mutating func insertTemplate(
        _ id: ID<Template>, named name: String, locale: LanguageTag, at instant: Instant
    ) throws(PostgresError) {
        try must("template_insert", tenantID, id, name, locale, instant)
    }

    /// Stores versions and makes each the current one of its language.
    package mutating func publish(
        _ versions: [NewTemplateVersion], of template: ID<Template>, at instant: Instant
    ) throws(PostgresError) {
        try must(
            "template_version_insert", tenantID, template, versions.map(\.id), versions.map(\.number),
            versions.map(\.locale), versions.map(\.source.subject), versions.map(\.source.text),
            versions.map(\.source.html),
            versions.map { $0.source.sms ?? "" }, instant)
        try must("template_publish", tenantID, template, versions.map(\.locale), versions.map(\.id))
    }

    /// `nil` too when there is no text in `locale`; without one it is the default text.
    package mutating func template(
        _ id: ID<Template>, in locale: LanguageTag? = nil
    ) throws(PostgresError) -> TemplateRecord? {
        try first("template_by_id", tenantID, id, locale).map { row throws(PostgresError) in try TemplateRecord(row) }
    }

    /// Each with its default text.
    package mutating func templates(_ page: Page<Template>) throws(PostgresError) -> [TemplateRecord] {
        try rows("template_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try TemplateRecord(row) }
    }

    /// The languages that customers and brands read.
    package mutating func readers() throws(PostgresError) -> Set<LanguageTag> {
        Set(try rows("template_readers", tenantID).map { row throws(PostgresError) in try row("locale") })
    }

    /// The workflows that send this template now.
    package mutating func workflows(sending template: ID<Template>) throws(PostgresError) -> [WorkflowRecord] {
        var records: [WorkflowRecord] = []
        for row in try rows("template_workflows", tenantID, template) {
            if let record = try workflow(try row("workflow_id")) { records.append(record) }
        }
        return records
    }

    /// The template with its default text, and nobody else adds a version until this transaction ends.
    package mutating func lockedTemplate(_ id: ID<Template>) throws(PostgresError) -> TemplateRecord? {
        guard try first("template_lock", tenantID, id) != nil else { return nil }
        return try template(id)
    }

    /// The current version of each language of these templates that has words for this channel.
    package mutating func variants(
        of templates: [ID<Template>], for channel: Channel
    ) throws(PostgresError) -> [ID<Template>: Variants<ID<TemplateVersion>>] {
        var originals: [ID<Template>: LanguageTag] = [:]
        var versions: [ID<Template>: [LanguageTag: ID<TemplateVersion>]] = [:]
        for row in try rows("template_variants", tenantID, templates) {
            let template: ID<Template> = try row("template_id")
            originals[template] = try row("default_locale")
            guard try row(channel == .email ? "has_mail" : "has_sms") else { continue }
            versions[template, default: [:]][try row("locale")] = try row("template_version_id")
        }
        return originals.reduce(into: [:]) { found, entry in
            found[entry.key] = Variants(original: entry.value, versions[entry.key] ?? [:])
        }
    }

    package mutating func sources(
        of versions: [ID<TemplateVersion>]
    ) throws(PostgresError) -> [ID<TemplateVersion>: TemplateSource] {
        guard !versions.isEmpty else { return [:] }
        var found: [ID<TemplateVersion>: TemplateSource] = [:]
        for row in try rows("template_sources", tenantID, versions) {
            found[try row("template_version_id")] = TemplateSource(
                subject: try row("subject"), text: try row("text_body"), html: try row("html_body"),
                sms: try row.optional("sms_body"))
        }
        return found
    }
}
