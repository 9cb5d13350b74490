/// The parts of a message that a template writes, and the two texts of a brand that go into them.
package enum TemplatePart: String, Hashable, Sendable, Codable, CaseIterable {
    case subject, text, html
    /// The text message; without a brand's header and footer, for every character is paid for.
    case sms
    /// A brand's plain text, put in place of `{{> header}}`.
    case header
    /// A brand's plain text, put in place of `{{> footer}}`.
    case footer
}

/// One thing wrong with a template, and where.
package struct TemplateProblem: Hashable, Sendable, Codable {
    package enum Severity: String, Hashable, Sendable, Codable {
        /// The template cannot be saved.
        case error
        /// It can, but somebody should look.
        case warning
    }

    package enum Code: String, Hashable, Sendable, Codable, CaseIterable {
        // Errors of the source.
        case sourceTooLarge = "source_too_large"
        case controlCharacter = "control_character"
        case unclosedTag = "unclosed_tag"
        case emptyTag = "empty_tag"
        case badName = "bad_name"
        case tripleBraces = "triple_braces"
        case unsupportedTag = "unsupported_tag"
        case unknownField = "unknown_field"
        case listAsField = "list_as_field"
        case notASection = "not_a_section"
        case repeatedList = "repeated_list"
        case listInSubject = "list_in_subject"
        case unknownPartial = "unknown_partial"
        case partialNotAllowed = "partial_not_allowed"
        case unclosedSection = "unclosed_section"
        case mismatchedClose = "mismatched_close"
        case tooDeep = "too_deep"
        case tooManyNodes = "too_many_nodes"
        // Errors of sense.
        case subjectEmpty = "subject_empty"
        case subjectLineBreak = "subject_line_break"
        case activeContent = "active_content"
        case fieldInMarkup = "field_in_markup"
        case bodyEmpty = "body_empty"
        // Warnings.
        case subjectLong = "subject_long"
        case bodyLong = "body_long"
        case missingTotal = "missing_total"
        case missingInvoices = "missing_invoices"
        case missingPartial = "missing_partial"
        case partsDiffer = "parts_differ"
        case unguardedOptional = "unguarded_optional"
        case pluralUnused = "plural_unused"
        case pluralIncomplete = "plural_incomplete"
        case missingLanguage = "missing_language"
        case earlyThreat = "early_threat"
        case unlawfulThreat = "unlawful_threat"
        case textLong = "text_long"
        case textAlphabet = "text_alphabet"
        case brokenPlural = "broken_plural"
        case genderedAddress = "gendered_address"
        // Warnings about the message as it is sent.
        case missingIdentity = "missing_identity"
        case missingContact = "missing_contact"
        case missingOptOut = "missing_opt_out"
        case missingLocale = "missing_locale"
    }

    package let part: TemplatePart
    package let severity: Severity
    package let code: Code
    /// Bytes from the start of the part, as it was handed in.
    package let offset: Int
    /// Counted from 1.
    package let line: Int
    /// The field, section, partial or phrase it is about.
    package let name: String?
    /// One English sentence for the author.
    package let message: String

    package init(
        part: TemplatePart, severity: Severity = .error, code: Code, offset: Int = 0, line: Int = 1,
        name: String? = nil,
        message: String
    ) {
        self.part = part
        self.severity = severity
        self.code = code
        self.offset = offset
        self.line = line
        self.name = name
        self.message = message
    }
}

/// A source that cannot be compiled; never without a problem, never with more than 20.
package struct TemplateError: Error, Hashable, Sendable {
    package let problems: [TemplateProblem]

    package init(_ problems: [TemplateProblem]) {
        precondition(!problems.isEmpty, "a template error names what is wrong")
        self.problems = problems
    }

    /// A bounded name for metrics.
    package var label: String { "template_" + problems[0].code.rawValue }
}
