/// What is wrong, or only unwise, with a template: asked when it is saved, so that nothing is found out at sending.
package enum TemplateLint {
    /// Characters of a subject about two invoices beyond which mailbox lists cut it off.
    private static let subjectLength = 120
    /// Bytes of a body's source; mail programs clip messages near 100 KB, and a list of invoices is still to come.
    private static let bodyLength = 32_768

    /// All problems of `source`, errors first.
    ///
    /// - Parameters:
    ///   - locale: what it is written in; words and plural forms are judged by it.
    ///   - stage: the lowest stage of the steps that use it (nil: unknown, no stern word is too early).
    package static func problems(
        in source: TemplateSource, locale: LanguageTag = .english, stage: Int? = nil
    ) -> [TemplateProblem] {
        let template: MessageTemplate
        do throws(TemplateError) {
            template = try MessageTemplate(source)
        } catch {
            return error.problems
        }
        return sorted(problems(in: source, template, locale: locale, stage: stage))
    }

    /// All problems of `source` where it is used: those of the text, of the message as its senders send it, and of the
    /// readers whose language is missing.
    package static func problems(
        in source: TemplateSource, locale: LanguageTag, use: TemplateUse
    ) -> [TemplateProblem] {
        let template: MessageTemplate
        do throws(TemplateError) {
            template = try MessageTemplate(source)
        } catch {
            return error.problems
        }
        let missing = use.unwritten.map { reader in
            warning(
                source.hasMail ? .text : .sms, .missingLocale,
                "Some read \(reader), and there is no text for them: they get another language.", name: reader.text)
        }
        return sorted(
            problems(in: source, template, locale: locale, stage: use.stage)
                + SentLint.problems(with: template, source, locale: locale, senders: use.senders) + missing)
    }

    /// What is unwise in words that a person writes for a single message.
    ///
    /// - Parameter stage: the stage of the case it is written to.
    package static func problems(
        inFreeText text: String, as part: TemplatePart, locale: LanguageTag, stage: Int
    ) -> [TemplateProblem] {
        ThreatScan.problems(in: text, as: part, locale: locale, stage: stage)
            + AddressScan.problems(in: text, as: part, locale: locale)
    }

    private static func problems(
        in source: TemplateSource, _ template: MessageTemplate, locale: LanguageTag, stage: Int?
    ) -> [TemplateProblem] {
        var problems = [TemplateProblem]()
        var texts: [(String, TemplatePart)] = []
        if source.hasMail {
            problems += blanks(in: source) + TemplateMarkup.problems(in: source.html)
            problems += lengths(of: source, template, locale)
            problems += body(template.text) + body(template.html)
            problems += optionals(template.subject) + optionals(template.text) + optionals(template.html)
            problems += differences(template)
            for part in [template.subject, template.text, template.html] {
                problems += plurals(part, locale) + PluralScan.problems(in: part, locale: locale)
            }
            texts = [(source.subject, .subject), (source.text, .text), (source.html, .html)]
        }
        if let text = source.sms, let compiled = template.sms {
            problems += TextLint.problems(in: text, compiled: compiled, locale: locale)
            problems += optionals(compiled) + plurals(compiled, locale)
            problems += PluralScan.problems(in: compiled, locale: locale)
            texts.append((text, .sms))
        }
        for (text, part) in texts {
            problems += ThreatScan.problems(
                in: text, as: part, locale: locale, stage: stage ?? ThreatScan.firstSternStage)
            problems += AddressScan.problems(in: text, as: part, locale: locale)
            problems += PluralScan.problems(inWords: text, as: part)
        }
        return problems
    }

    /// Errors first.
    private static func sorted(_ problems: [TemplateProblem]) -> [TemplateProblem] {
        problems.filter { $0.severity == .error } + problems.filter { $0.severity == .warning }
    }

    /// All problems of a brand's header or footer.
    package static func problems(inBrandText source: String, as part: TemplatePart) -> [TemplateProblem] {
        precondition(part == .header || part == .footer, "a brand has a header and a footer")
        do throws(TemplateError) {
            return optionals(try CompiledTemplate(source, as: part))
        } catch {
            return error.problems
        }
    }

    /// Whether `problems` keep a template from being saved.
    package static func isSavable(_ problems: [TemplateProblem]) -> Bool {
        !problems.contains { $0.severity == .error }
    }

    private static func blanks(in source: TemplateSource) -> [TemplateProblem] {
        var problems = [TemplateProblem]()
        if source.subject.allSatisfy(\.isWhitespace) {
            problems.append(.init(part: .subject, code: .subjectEmpty, message: "A message needs a subject."))
        }
        for (text, part) in [(source.text, TemplatePart.text), (source.html, .html)]
        where text.allSatisfy(\.isWhitespace) {
            problems.append(.init(part: part, code: .bodyEmpty, message: "The \(part.rawValue) part is empty."))
        }
        return problems
    }

    private static func lengths(
        of source: TemplateSource, _ template: MessageTemplate, _ locale: LanguageTag
    ) -> [TemplateProblem] {
        var problems = [TemplateProblem]()
        let line = try? Renderer.text(template.subject, given: RenderModel(.sample(in: locale, from: .sample))).text
        if let line, line.count > subjectLength {
            problems.append(
                warning(
                    .subject, .subjectLong, "The subject has over \(subjectLength) characters; mailboxes show about 60."
                ))
        }
        for (text, part) in [(source.text, TemplatePart.text), (source.html, .html)] where text.utf8.count > bodyLength
        {
            problems.append(
                warning(part, .bodyLong, "The \(part.rawValue) part has over \(bodyLength) bytes and may be clipped."))
        }
        return problems
    }

    /// What a reminder should hold in each of its bodies.
    private static func body(_ template: CompiledTemplate) -> [TemplateProblem] {
        var problems = [TemplateProblem]()
        if template.fields.isDisjoint(with: [.total, .sectionTotal]) {
            problems.append(warning(template.part, .missingTotal, "The total is not shown.", name: "total"))
        }
        if !template.listsInvoices {
            problems.append(warning(template.part, .missingInvoices, "The invoices are not listed.", name: "invoices"))
        }
        for partial in [TemplatePart.header, .footer] where !template.partials.contains(partial) {
            let name = partial.rawValue
            problems.append(
                warning(template.part, .missingPartial, "The brand's \(name) ({{> \(name)}}) is missing.", name: name))
        }
        return problems
    }

    private static func optionals(_ template: CompiledTemplate) -> [TemplateProblem] {
        template.unguarded.prefix(CompiledTemplate.Limit.problems).map { place in
            let name = place.field.name
            return TemplateProblem(
                part: template.part, severity: .warning, code: .unguardedOptional, offset: place.offset,
                line: place.line,
                name: name,
                message: "\(name) may be missing; write {{#\(name)}}…{{/\(name)}} around what depends on it.")
        }
    }

    /// Half the readers see one body, half the other.
    private static func differences(_ template: MessageTemplate) -> [TemplateProblem] {
        // Plain text has no place to name its language.
        let fields = template.text.fields.symmetricDifference(template.html.fields).subtracting([.locale])
        let names = fields.map(\.name)
        guard !names.isEmpty else { return [] }
        let list = Set(names).sorted().joined(separator: ", ")
        return [
            warning(
                .html, .partsDiffer, "Text and html do not say the same; only one of them uses: \(list).", name: list)
        ]
    }

    /// Forms that the language does not have, and forms that were forgotten.
    private static func plurals(_ template: CompiledTemplate, _ locale: LanguageTag) -> [TemplateProblem] {
        let all = PluralCategory.all(in: locale)
        func list(_ forms: [PluralCategory]) -> String { forms.map(\.rawValue).joined(separator: ", ") }
        return template.plurals.sorted { $0.key.name < $1.key.name }.flatMap { field, forms in
            let used = forms.written.union(forms.inverted)
            var problems = [TemplateProblem]()
            for form in PluralCategory.allCases where used.contains(form) && !all.contains(form) {
                problems.append(
                    warning(
                        template.part, .pluralUnused,
                        "No number has the form \(form.rawValue) in \(locale); it has: \(list(all)).",
                        name: "\(field.name).\(form.rawValue)"))
            }
            // One form may be left to an inverted section; with none, every form needs a section of its own.
            let forgotten = all.filter { !used.contains($0) }
            if forgotten.count > 1 || forms.inverted.isEmpty && forms.written.count > 1 && !forgotten.isEmpty {
                problems.append(
                    warning(
                        template.part, .pluralIncomplete,
                        "The count \(field.name) has more forms in \(locale): \(list(forgotten)).", name: field.name))
            }
            return problems
        }
    }

    private static func warning(
        _ part: TemplatePart, _ code: TemplateProblem.Code, _ message: String, name: String? = nil
    ) -> TemplateProblem {
        TemplateProblem(part: part, severity: .warning, code: code, name: name, message: message)
    }
}
