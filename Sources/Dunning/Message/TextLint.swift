/// What is wrong, or only unwise, with the text-message part of a template, and how many parts it will travel in.
package enum TextLint {
    /// Parts a gateway sends at most if nothing else is said.
    package static let usualParts = 3

    /// How long the text becomes with two invoices of usual numbers; `nil` when there is none, or it does not compile.
    package static func segments(of source: TemplateSource, locale: LanguageTag) -> TextSegments? {
        guard let text = source.sms,
            let compiled = try? CompiledTemplate(text, as: .sms),
            let message = try? Renderer.text(compiled, given: RenderModel(sample(in: locale)))
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
        if segments.encoding == .ucs2, let stranger = text.unicodeScalars.first(where: isStranger) {
            problems.append(
                warning(
                    .textAlphabet,
                    "\(stranger) is not in the alphabet of text messages: each part holds 67 characters instead of 153.",
                    name: String(stranger)))
        }
        return problems
    }

    private static func isStranger(_ scalar: Unicode.Scalar) -> Bool {
        TextSegments(String(scalar)).encoding == .ucs2
    }

    private static func warning(
        _ code: TemplateProblem.Code, _ message: String, name: String? = nil
    ) -> TemplateProblem {
        TemplateProblem(part: .sms, severity: .warning, code: code, name: name, message: message)
    }

    /// Made-up facts of ordinary length.
    private static func sample(in locale: LanguageTag) -> MessageFacts {
        let today = Day(number: 20_000)
        let lines = [("2026-00417", 12, Int64(125_000)), ("2026-00431", 4, 48_050)].map { number, days, minor in
            let amount = Money(minor: minor, currency: euro)
            return MessageFacts.Line(
                number: number, issueDate: today.adding(-30 - days), dueDate: today.adding(-days), total: amount,
                open: amount)
        }
        return MessageFacts(
            locale: locale, customerName: "Northwind Trading Ltd", contactName: "Maria Anders",
            brand: BrandIdentity(
                name: "Halden Supplies", legalName: "Halden Supplies GmbH", phone: "+49 30 1234567", zone: utc,
                headerText: "", footerText: ""),
            today: today, stage: 1,
            sections: [MessageFacts.Section(lines: lines, total: lines[0].open + lines[1].open)])
    }

    // Literals of ISO 4217 and of the time zone database.
    private static let euro = Currency("EUR")!
    private static let utc = Zone("UTC")!
}
