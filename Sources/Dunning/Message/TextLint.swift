/// What is wrong, or only unwise, with the text-message part of a template, and how many parts it will travel in.
package enum TextLint {
    /// Parts a gateway sends at most if nothing else is said.
    package static let usualParts = 3

    /// How long the text becomes with two invoices of usual numbers; `nil` when there is none, or it does not compile.
    package static func segments(
        of source: TemplateSource, locale: LanguageTag, from brand: BrandIdentity = .sample
    ) -> TextSegments? {
        guard let text = source.sms,
            let compiled = try? CompiledTemplate(text, as: .sms),
            let message = try? Renderer.text(compiled, given: RenderModel(.sample(in: locale, from: brand)))
        else { return nil }
        return TextSegments(message.text)
    }

    static func problems(in text: String, compiled: CompiledTemplate, locale: LanguageTag) -> [TemplateProblem] {
        var problems = [TemplateProblem]()
        if text.allSatisfy(\.isWhitespace) {
            problems.append(.init(part: .sms, code: .bodyEmpty, message: "The text message is empty."))
        }
        if compiled.fields.isDisjoint(with: [.total, .sectionTotal]) {
            problems.append(warning(.missingTotal, "The total is not shown.", name: "total"))
        }
        guard let segments = segments(of: TemplateSource(subject: "", text: "", html: "", sms: text), locale: locale)
        else { return problems }
        if segments.count > usualParts {
            problems.append(
                warning(
                    .textLong,
                    "With two invoices it takes \(segments.count) parts; a gateway sends at most \(usualParts) "
                        + "unless it is told otherwise."))
        }
        if segments.encoding == .ucs2, let stranger = avoidable(in: text) {
            problems.append(
                warning(
                    .textAlphabet,
                    "\(stranger) is not in the alphabet of text messages: each part holds 67 characters instead of 153.",
                    name: String(stranger)))
        }
        return problems
    }

    /// The first character outside the alphabet, unless the language is written in such: it cannot do without then.
    private static func avoidable(in text: String) -> Unicode.Scalar? {
        let strangers = text.unicodeScalars.filter(isStranger)
        return strangers.count * 10 > text.unicodeScalars.count ? nil : strangers.first
    }

    private static func isStranger(_ scalar: Unicode.Scalar) -> Bool {
        TextSegments(String(scalar)).encoding == .ucs2
    }

    private static func warning(
        _ code: TemplateProblem.Code, _ message: String, name: String? = nil
    ) -> TemplateProblem {
        TemplateProblem(part: .sms, severity: .warning, code: code, name: name, message: message)
    }
}
