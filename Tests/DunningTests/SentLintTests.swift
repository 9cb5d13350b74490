import Dunning
import Testing

@Suite struct `The lint of a message as it is sent` {
    private let body = "{{total}} {{#invoices}}{{number}}{{/invoices}}"

    private func found(
        text: String? = nil, html: String? = nil, sms: String? = nil, locale: LanguageTag = .english,
        use: TemplateUse = TemplateUse()
    ) -> [TemplateProblem] {
        let source = TemplateSource(
            subject: "Reminder: {{total}}", text: text ?? body + "{{> header}} {{> footer}}",
            html: html ?? body + "{{> header}} {{> footer}}", sms: sms)
        return TemplateLint.problems(in: source, locale: locale, use: use)
    }

    private func brand(footer: String, replyTo: Bool = true, phone: String? = "+1 207 555 0100") -> BrandIdentity {
        var brand = MessageFixture.brand(footer: footer)
        brand.legalName = "Smith & Sons <Maine>, Inc."
        if !replyTo { brand.replyTo = nil }
        brand.phone = phone
        return brand
    }

    @Test func `says nothing where the footer says who sends it and how to answer`() {
        #expect(found() == [])
        #expect(found(use: TemplateUse(senders: [brand(footer: DefaultTemplate.footer)])) == [])
    }

    @Test func `warns where nobody can see who asks for the money`() {
        let bare = brand(footer: "{{#brand.phone}}{{brand.phone}}{{/brand.phone}}")
        let problems = found(use: TemplateUse(senders: [.sample, bare]))
        #expect(problems.map(\.code) == [.missingIdentity, .missingIdentity])
        #expect(problems.map(\.part) == [.text, .html])
        #expect(problems.allSatisfy { $0.name == "Northwind" && $0.severity == .warning })
        // The name may stand in the letter itself, and html writes it with entities.
        let named = body + "{{> header}} {{> footer}} {{brand.legal_name}}"
        #expect(found(text: named, html: named, use: TemplateUse(senders: [bare])) == [])
    }

    @Test(arguments: [
        ("en", "Just reply to this\nmessage."), ("de", "Antworten Sie einfach."),
        ("fr", "Il suffit de répondre à ce message"),
        ("es", "Basta con responder a este mensaje"), ("ja", "本メールへのご返信にて承ります。"),
    ])
    func `warns where nobody can see how to answer`(locale: String, invitation: String) {
        let locale = LanguageTag(locale)!
        let silent = brand(footer: "{{brand.legal_name}}", replyTo: false, phone: nil)
        let use = TemplateUse(senders: [silent])
        #expect(found(locale: locale, use: use).map(\.code) == [.missingContact, .missingContact])
        let open = body + "{{> header}} {{> footer}} " + invitation
        #expect(found(text: open, html: open, locale: locale, use: use) == [])
        // An address that the brand has, and the message does not show, helps nobody.
        let hiding = TemplateUse(senders: [brand(footer: "{{brand.legal_name}}")])
        #expect(found(locale: locale, use: hiding).map(\.code) == [.missingContact, .missingContact])
    }

    @Test(arguments: [
        ("Reply STOP to get no more texts.", true), ("STOPP antworten", true), ("Répondez ARRÊT", true),
        ("Responda BAJA", true), ("配信停止は「停止」とご返信ください。", true), ("Pay by the end of the week", false),
        ("Cancel anything", false), ("nonstop service", false),
    ])
    func `wants a text message to say how to get no more of them`(words: String, isOffered: Bool) {
        let codes = found(sms: "{{brand.name}}: {{total}}. " + words).map(\.code).filter { $0 != .textAlphabet }
        #expect(codes == (isOffered ? [] : [.missingOptOut]))
    }

    @Test func `wants a text message to say who writes, and measures it with the sender's own name`() {
        #expect(found(sms: "{{total}} STOP").map(\.code) == [.missingIdentity])
        var wordy = MessageFixture.brand()
        wordy.name = String(repeating: "Long ", count: 100)
        let sms = "{{brand.name}}: {{total}}. STOP"
        #expect(found(sms: sms).isEmpty)
        #expect(found(sms: sms, use: TemplateUse(senders: [wordy])).map(\.code) == [.textLong])
    }

    @Test func `names the languages of readers who get another one`() {
        let use = TemplateUse(
            readers: Set(["de-AT", "de", "fr-CA", "ja", "en-IN"].compactMap { LanguageTag($0) }),
            written: [.english, .german])
        #expect(use.unwritten.map(\.text) == ["fr-CA", "ja"])
        #expect(found(use: use).map(\.name) == ["fr-CA", "ja"])
        #expect(found(use: use).allSatisfy { $0.code == .missingLocale })
    }

    @Test func `takes stern words by the lowest stage that sends them`() {
        let text = body + "{{> header}} {{> footer}} We will take legal action."
        #expect(found(text: text, use: TemplateUse(stage: 2)).map(\.code) == [.earlyThreat])
        #expect(found(text: text, use: TemplateUse(stage: 3)).isEmpty)
        #expect(found(text: text).isEmpty)
    }

    @Test(
        arguments: [
            ("en", "Dear Sir,", true), ("en", "Dear Sir or Madam,", false), ("en", "Dear {{customer.name}},", false),
            ("en", "Mr. {{customer.name}}", true), ("de", "Sehr geehrter Herr {{customer.name}},", true),
            ("de", "Sehr geehrte Damen und Herren,", false), ("de", "Guten Tag {{customer.name}},", false),
            ("de", "herrlich, liebevoll", false), ("fr", "Madame, Monsieur,", false), ("fr", "Cher Monsieur,", true),
            ("es", "Estimado/a {{customer.name}}:", false), ("es", "Estimado {{customer.name}}:", true),
            ("ja", "{{customer.name}} 様", false), ("pl", "Szanowny Panie", false),
        ])
    func `warns of salutations that guess`(locale: String, salutation: String, isGuess: Bool) {
        let text = body + "{{> header}} {{> footer}} " + salutation
        let codes = found(text: text, html: text, locale: LanguageTag(locale)!).map(\.code)
        #expect(codes == (isGuess ? [.genderedAddress, .genderedAddress] : []))
        let free = TemplateLint.problems(
            inFreeText: salutation + " see you in court", as: .text, locale: LanguageTag(locale)!, stage: 1)
        #expect(free.contains { $0.code == .genderedAddress } == isGuess)
        #expect(free.contains { $0.code == .earlyThreat } == (locale == "en"))
    }

    @Test(
        arguments: [
            ("en", "{{invoice_count}} invoices", true), ("en", "{{invoice_count}}", false),
            ("en", "({{invoice_count}}) invoices", false),
            (
                "en",
                "{{invoice_count}} {{#invoice_count.one}}a{{/invoice_count.one}}{{^invoice_count.one}}b{{/invoice_count.one}}",
                false
            ),
            ("en", "{{^invoice_count.one}}{{invoice_count}} invoices{{/invoice_count.one}}", false),
            ("ja", "{{invoice_count}} 件", false), ("de", "{{oldest_days_overdue}}\u{A0}Tage", true),
            ("en", "your invoice(s)", true), ("de", "Ihre Rechnung(en)", true), ("fr", "facture(s)", true),
            ("en", "the total (so far)", false), ("en", "Form 4(s)", false),
        ])
    func `warns of nouns that fit some numbers only`(locale: String, words: String, isBroken: Bool) {
        let text = body + "{{> header}} {{> footer}} " + words
        let codes = found(text: text, html: text, locale: LanguageTag(locale)!).map(\.code)
        #expect(codes == (isBroken ? [.brokenPlural, .brokenPlural] : []))
    }
}
