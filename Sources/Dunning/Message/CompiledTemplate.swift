/// One part of a template, compiled once: a flat list of nodes that renders in one pass.
///
/// The language is a small, closed piece of Mustache: `{{field}}`, `{{#list}}…{{/list}}`, `{{^list}}…{{/list}}`, the
/// same over optional fields and over the plural forms of counts (`{{#invoice_count.one}}`), `{{> header}}` and `{{> footer}}`. Everything else is an error here, so that nothing can
/// go wrong at sending.
package struct CompiledTemplate: Hashable, Sendable {
    /// What a source may cost.
    package enum Limit {
        /// Bytes of UTF-8.
        package static let source = 65_536
        /// Sections within sections.
        package static let depth = 8
        package static let nodes = 2_000
        /// Bytes of a name.
        package static let name = 64
        package static let problems = 20
    }

    enum Node: Hashable, Sendable {
        case literal([UInt8])
        case field(TemplateField)
        /// Its children are the nodes after it, up to `end`.
        case section(TemplateField, isInverted: Bool, end: Int)
        /// Likewise; written for numbers of the category, or for all others.
        case plural(TemplateField, PluralCategory, isInverted: Bool, end: Int)
        /// `isStandalone`: it has a line of its own, which goes when there is nothing to write.
        case partial(TemplatePart, isStandalone: Bool)
    }

    /// A place where an optional field is written without asking whether it is there.
    struct Unguarded: Hashable, Sendable {
        let field: TemplateField
        let offset: Int
        let line: Int
    }

    package let part: TemplatePart
    let nodes: [Node]
    let unguarded: [Unguarded]

    /// Compiles `source`, in time linear to its length.
    package init(_ source: String, as part: TemplatePart) throws(TemplateError) {
        var parser = TemplateParser(source, part: part)
        parser.run()
        guard parser.problems.isEmpty else { throw TemplateError(parser.problems) }
        self.part = part
        nodes = parser.nodes
        unguarded = parser.unguarded
    }

    /// Every field written or asked for.
    package var fields: Set<TemplateField> {
        var fields = Set<TemplateField>()
        for node in nodes {
            switch node {
            case .field(let field), .section(let field, _, _), .plural(let field, _, _, _): fields.insert(field)
            case .literal, .partial: break
            }
        }
        return fields
    }

    /// The plural forms asked for, by the count they belong to.
    var plurals: [TemplateField: (written: Set<PluralCategory>, inverted: Set<PluralCategory>)] {
        var plurals = [TemplateField: (written: Set<PluralCategory>, inverted: Set<PluralCategory>)]()
        for case .plural(let field, let category, let isInverted, _) in nodes {
            if isInverted {
                plurals[field, default: ([], [])].inverted.insert(category)
            } else {
                plurals[field, default: ([], [])].written.insert(category)
            }
        }
        return plurals
    }

    /// The brand texts it calls for.
    package var partials: Set<TemplatePart> {
        var partials = Set<TemplatePart>()
        for case .partial(let part, _) in nodes { partials.insert(part) }
        return partials
    }

    /// Whether some list of invoices is written out.
    var listsInvoices: Bool {
        nodes.contains { node in
            guard case .section(let field, isInverted: false, _) = node else { return false }
            return field == .invoices || field == .sectionInvoices
        }
    }
}

/// The sources of one template version, as authors write them: a mail of three parts, a text message, or both.
package struct TemplateSource: Hashable, Sendable, Codable {
    package var subject: String
    package var text: String
    package var html: String
    package var sms: String?

    /// A version without a mail has empty parts.
    package init(subject: String, text: String, html: String, sms: String? = nil) {
        self.subject = subject
        self.text = text
        self.html = html
        self.sms = sms
    }

    /// Whether it can be sent as a mail; only a text message may do without.
    package var hasMail: Bool {
        sms == nil || ![subject, text, html].allSatisfy { $0.allSatisfy(\.isWhitespace) }
    }

    /// Whether it can be sent by this channel.
    package func speaks(by channel: Channel) -> Bool {
        channel == .email ? hasMail : sms != nil
    }
}

/// A template version, compiled and ready for any number of messages.
package struct MessageTemplate: Hashable, Sendable {
    package let subject: CompiledTemplate
    package let text: CompiledTemplate
    package let html: CompiledTemplate
    package let sms: CompiledTemplate?

    /// Compiles all parts; the error holds the problems of all of them.
    package init(_ source: TemplateSource) throws(TemplateError) {
        var problems = [TemplateProblem]()
        func compile(_ source: String, _ part: TemplatePart) -> CompiledTemplate? {
            do throws(TemplateError) {
                return try CompiledTemplate(source, as: part)
            } catch {
                problems += error.problems
                return nil
            }
        }
        let subject = compile(source.subject, .subject)
        let text = compile(source.text, .text)
        let html = compile(source.html, .html)
        let sms = source.sms.flatMap { compile($0, .sms) }
        guard let subject, let text, let html, problems.isEmpty else { throw TemplateError(problems) }
        self.subject = subject
        self.text = text
        self.html = html
        self.sms = sms
    }
}

/// A brand's header and footer, compiled.
package struct BrandTexts: Hashable, Sendable {
    package let header: CompiledTemplate
    package let footer: CompiledTemplate

    package init(header: String, footer: String) throws(TemplateError) {
        self.header = try CompiledTemplate(header, as: .header)
        self.footer = try CompiledTemplate(footer, as: .footer)
    }

    package init(_ brand: BrandIdentity) throws(TemplateError) {
        try self.init(header: brand.headerText, footer: brand.footerText)
    }
}
