/// Looks at messages as brands would send them: whoever is asked for money has to see by whom, and how to answer.
///
/// The debtor's right to know the creditor and to refuse further messages is law for collectors in the US (12 CFR
/// 1006.6(e)), for text messages there (47 CFR 64.1200(a)(10)), and for business letters and telemedia in the EU.
enum SentLint {
    static func problems(
        with template: MessageTemplate, _ source: TemplateSource, locale: LanguageTag, senders: [BrandIdentity]
    ) -> [TemplateProblem] {
        var problems = [TemplateProblem]()
        for brand in senders.isEmpty ? [.sample] : senders {
            let model = RenderModel(.sample(in: locale, from: brand))
            if source.hasMail { problems += mail(template, brand, model, locale) }
            if let sms = template.sms { problems += text(sms, source, brand, model, locale) }
        }
        // Several brands often lack the same.
        var seen: Set<TemplateProblem> = []
        return problems.filter { seen.insert($0).inserted }
    }

    private static func mail(
        _ template: MessageTemplate, _ brand: BrandIdentity, _ model: RenderModel, _ locale: LanguageTag
    ) -> [TemplateProblem] {
        guard let texts = try? BrandTexts(brand),
            let message = try? Renderer.render(template, brand: texts, given: model)
        else { return [] }
        var problems = [TemplateProblem]()
        for (part, body) in [(TemplatePart.text, message.text), (.html, unescaped(message.html))] {
            if !body.contains(brand.legalName) {
                problems.append(
                    warning(
                        part, .missingIdentity, brand,
                        "does not say who sends it: {{brand.legal_name}} is neither in the text nor in the brand's "
                            + "footer"))
            }
            let ways = [brand.replyTo?.text, brand.phone].compactMap(\.self)
            if !ways.contains(where: body.contains), !ContactPhrases.invites(body, in: locale) {
                problems.append(
                    warning(
                        part, .missingContact, brand,
                        "names no way to answer: neither an address nor a telephone number, nor that one may reply"))
            }
        }
        return problems
    }

    private static func text(
        _ template: CompiledTemplate, _ source: TemplateSource, _ brand: BrandIdentity, _ model: RenderModel,
        _ locale: LanguageTag
    ) -> [TemplateProblem] {
        guard let message = try? Renderer.text(template, given: model) else { return [] }
        var problems = [TemplateProblem]()
        if !message.text.contains(brand.name), !message.text.contains(brand.legalName) {
            problems.append(
                warning(.sms, .missingIdentity, brand, "does not say who sends it: {{brand.name}} is missing"))
        }
        if !ReplyIntent.isOffered(by: message.text) {
            problems.append(
                warning(
                    .sms, .missingOptOut, brand,
                    "does not say how to get no more of them, such as “Reply STOP to get no more texts”"))
        }
        let length = TextSegments(message.text)
        // The made-up sender's text is measured with the template itself.
        if brand != .sample, length.count > TextLint.usualParts {
            problems.append(
                warning(
                    .sms, .textLong, brand,
                    "takes \(length.count) parts with two invoices; a gateway sends at most \(TextLint.usualParts) "
                        + "unless it is told otherwise"))
        }
        return problems
    }

    private static func warning(
        _ part: TemplatePart, _ code: TemplateProblem.Code, _ brand: BrandIdentity, _ fault: String
    ) -> TemplateProblem {
        let what = part == .sms ? "text message" : "\(part.rawValue) part"
        let sender = brand == .sample ? "" : " from \(brand.name)"
        return TemplateProblem(
            part: part, severity: .warning, code: code, name: brand == .sample ? nil : brand.name,
            message: "The \(what)\(sender) \(fault).")
    }

    private static func unescaped(_ html: String) -> String {
        html.replacing("&#39;", with: "'").replacing("&quot;", with: "\"").replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }
}

/// How texts say that one may answer, language by language.
private enum ContactPhrases {
    static func invites(_ body: String, in locale: LanguageTag) -> Bool {
        // Where nobody has made a list, what a text invites to cannot be told.
        guard let phrases = table[locale.language] else { return true }
        let words = WordScan(body)
        return phrases.contains { words.find($0) != nil }
    }

    private static let table: [String: [Phrase]] = [
        "en": Phrase.list("reply to this, answer this, write to us, contact us"),
        "de": Phrase.list(
            "antworten sie*, auf diese nachricht*, auf diese mail*, schreiben sie uns, kontaktieren sie*"),
        "fr": Phrase.list("répondre à ce*, répondez à ce*, écrivez nous, contactez nous"),
        "es": Phrase.list("responder a este*, responda a este*, escríbanos, contacte con*"),
        "ja": Phrase.list("返信, ご連絡ください, お問い合わせ", .anywhere),
    ]
}
