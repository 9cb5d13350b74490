/// Finds nouns beside counts that are right for some numbers only.
enum PluralScan {
    /// “1 invoices”: a noun that follows a count without asking for its form.
    static func problems(in template: CompiledTemplate, locale: LanguageTag) -> [TemplateProblem] {
        guard PluralCategory.all(in: locale).count > 1 else { return [] }
        let plurals = template.plurals
        var reported: Set<TemplateField> = []
        var problems = [TemplateProblem]()
        for (node, next) in zip(template.nodes, template.nodes.dropFirst()) {
            guard case .field(let field) = node, field.isCount, plurals[field] == nil, case .literal(let bytes) = next,
                opensWithWord(bytes), reported.insert(field).inserted
            else { continue }
            problems.append(
                warning(
                    template.part, field.name,
                    "The word after {{\(field.name)}} is the same for one and for many; write its forms with "
                        + "{{#\(field.name).one}}…{{/\(field.name).one}}{{^\(field.name).one}}…{{/\(field.name).one}}.")
            )
        }
        return problems
    }

    /// “invoice(s)”: both forms at once.
    static func problems(inWords source: String, as part: TemplatePart) -> [TemplateProblem] {
        guard let match = source.firstMatch(of: bothForms) else { return [] }
        let offset = source.utf8.distance(from: source.startIndex, to: match.startIndex)
        let line = 1 + source[..<match.startIndex].count { $0.isNewline }
        let word = String(match.output)
        return [
            warning(
                part, word, "“\(word)” leaves the number to the reader; a count can choose its form.", offset, line)
        ]
    }

    private static var bothForms: Regex<Substring> { /\p{L}+\((?:s|es|e|n|en|x)\)/ }

    private static func opensWithWord(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes.prefix(64), as: UTF8.self)
        guard let blank = text.first, blank == " " || blank == "\u{A0}" else { return false }
        return text.dropFirst().first?.isLetter == true
    }

    private static func warning(
        _ part: TemplatePart, _ name: String, _ message: String, _ offset: Int = 0, _ line: Int = 1
    ) -> TemplateProblem {
        TemplateProblem(
            part: part, severity: .warning, code: .brokenPlural, offset: offset, line: line, name: name,
            message: message)
    }
}
