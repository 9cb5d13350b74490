package import Dunning
package import Postgres

/// A template with its current version.
package struct TemplateRecord: Sendable, Equatable {
    package let id: ID<Template>
    package let name: String
    package let createdAt: Instant
    package let version: ID<TemplateVersion>
    /// Counted from 1.
    package let number: Int
    /// BCP 47.
    package let locale: String
    package let source: TemplateSource
    package let versionCreatedAt: Instant

    init(_ row: Row) throws(PostgresError) {
        id = try row("template_id")
        name = try row("name")
        createdAt = try row("created_at")
        version = try row("template_version_id")
        number = try row("number")
        locale = try row("locale")
        source = TemplateSource(
            subject: try row("subject"), text: try row("text_body"), html: try row("html_body"))
        versionCreatedAt = try row("version_created_at")
    }
}

extension Transaction {
    package mutating func insertTemplate(
        _ id: ID<Template>, named name: String, at instant: Instant
    ) throws(PostgresError) {
        try must("template_insert", tenantID, id, name, instant)
    }

    /// Stores a version and makes it the current one.
    package mutating func publish(
        _ source: TemplateSource, locale: String, as version: ID<TemplateVersion>, number: Int,
        of template: ID<Template>,
        at instant: Instant
    ) throws(PostgresError) {
        try must(
            "template_version_insert", tenantID, version, template, number, locale, source.subject, source.text,
            source.html, instant)
        try must("template_publish", tenantID, template, version)
    }

    package mutating func template(_ id: ID<Template>) throws(PostgresError) -> TemplateRecord? {
        try first("template_by_id", tenantID, id).map { row throws(PostgresError) in try TemplateRecord(row) }
    }

    package mutating func templates(_ page: Page<Template>) throws(PostgresError) -> [TemplateRecord] {
        try rows("template_page", tenantID, page.before, page.count)
            .map { row throws(PostgresError) in try TemplateRecord(row) }
    }

    /// The template, and nobody else adds a version until this transaction ends.
    package mutating func lockedTemplate(_ id: ID<Template>) throws(PostgresError) -> TemplateRecord? {
        guard try first("template_lock", tenantID, id) != nil else { return nil }
        return try template(id)
    }
}
