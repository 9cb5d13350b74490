import Dunning
import Testing

@Suite struct `The lint of templates` {
    private let body = "{{> header}} {{total}} {{#invoices}}{{number}}{{/invoices}} {{> footer}}"

    private func codes(
        subject: String = "Reminder: {{total}}", text: String? = nil, html: String? = nil,
        locale: LanguageTag = .english, stage: Int? = 1
    ) -> [TemplateProblem.Code] {
        problems(subject: subject, text: text, html: html, locale: locale, stage: stage).map(\.code)
    }

    private func problems(
        subject: String = "Reminder: {{total}}", text: String? = nil, html: String? = nil,
        locale: LanguageTag = .english, stage: Int? = 1
    ) -> [TemplateProblem] {
        TemplateLint.problems(
            in: TemplateSource(subject: subject, text: text ?? body, html: html ?? body), locale: locale, stage: stage)
    }

    @Test func `has nothing to say about a sound template`() {
        #expect(problems().isEmpty)
        #expect(TemplateLint.isSavable(problems()))
    }

    @Test func `passes on what does not compile`() {
        #expect(codes(subject: "{{nope}}", text: "{{#credit}}") == [.unknownField, .unclosedSection])
        #expect(!TemplateLint.isSavable(problems(subject: "{{nope}}")))
    }

    @Test func `wants a subject and bodies`() {
        #expect(codes(subject: " ").contains(.subjectEmpty))
        #expect(codes(subject: "a\r\nBcc: x") == [.subjectLineBreak])
        #expect(codes(text: " \n").first == .bodyEmpty)
        #expect(!TemplateLint.isSavable(problems(subject: "")))
    }

    @Test func `warns of missing parts without keeping the template back`() {
        let found = problems(text: "Please pay.", html: "Please pay.")
        #expect(
            found.map(\.code)
                == Array(repeating: [.missingTotal, .missingInvoices, .missingPartial, .missingPartial], count: 2)
                .flatMap { $0 })
        #expect(found.allSatisfy { $0.severity == .warning })
        #expect(TemplateLint.isSavable(found))
        let unlisted = "{{> header}} {{total}} {{^invoices}}none{{/invoices}} {{> footer}}"
        #expect(codes(text: unlisted, html: unlisted) == [.missingInvoices, .missingInvoices])
    }

    @Test func `warns when text and html differ`() {
        let found = problems(html: body + "{{today}} {{#invoices}}{{open}}{{/invoices}}")
        #expect(found.map(\.code) == [.partsDiffer])
        #expect(found.first?.name == "open, today")
    }

    @Test func `warns of optional fields outside their section`() {
        let found = problems(
            text: body + "\n{{contact.name}}", html: body + "{{#contact.name}}{{contact.name}}{{/contact.name}}")
        #expect(found.map(\.code) == [.unguardedOptional])
        #expect(found.first?.line == 2)
        #expect(found.first?.name == "contact.name")
        #expect(TemplateLint.problems(inBrandText: "{{brand.phone}}", as: .footer).map(\.code) == [.unguardedOptional])
        #expect(TemplateLint.problems(inBrandText: "{{> footer}}", as: .footer).map(\.code) == [.partialNotAllowed])
        #expect(TemplateLint.problems(inBrandText: DefaultTemplate.footer, as: .footer).isEmpty)
    }

    @Test func `warns of length`() {
        #expect(codes(subject: String(repeating: "x", count: 121)) == [.subjectLong])
        #expect(codes(text: body + String(repeating: "x", count: 33_000)) == [.bodyLong])
    }

    @Test(arguments: [
        "legal action", "Legal\n  Action", "a collection agency", "the court", "Court.", "we will sue you",
    ])
    func `warns of stern words below the last stage`(phrase: String) {
        #expect(codes(text: body + " " + phrase, stage: 2) == [.earlyThreat])
        #expect(codes(text: body + " " + phrase, stage: 3).isEmpty)
        #expect(codes(text: body + " " + phrase, stage: nil).isEmpty)
    }

    @Test(arguments: [
        "a courtesy note", "of course", "a legal, swift action", "Courtney issued it",
        "our courts-free policy of pursuing",
    ])
    func `is not startled by longer words`(phrase: String) {
        #expect(codes(text: body + " " + phrase, stage: 0) == [])
    }

    @Test(arguments: [
        ("de-AT", "Wir beauftragen ein Inkassobüro."), ("de", "Rechtsanwältin"), ("de", "Die PFÄNDUNG droht"),
        ("fr", "par voie\n d’HUISSIER"), ("fr", "une mise en\ndemeure"), ("es", "acudiremos al juzgado"),
        ("es", "la vía\njudicial"), ("ja", "法的措置を取ります"),
    ])
    func `warns of stern words in other languages`(locale: String, phrase: String) {
        let locale = LanguageTag(locale)!
        #expect(codes(text: body + " " + phrase, locale: locale, stage: 2) == [.earlyThreat])
        #expect(codes(text: body + " " + phrase, locale: locale, stage: 3).isEmpty)
        #expect(codes(text: body + " " + phrase, stage: 2).isEmpty)
        #expect(problems(text: body + "\né " + phrase, locale: locale, stage: 0).first?.line ?? 0 >= 2)
    }

    @Test(arguments: [
        ("de", "die Haftung der Gesellschaft, sachgerecht"), ("fr", "à court terme, nous vous saisirons"),
        ("es", "sin embargo, la demás deuda"), ("pl", "windykacja, sąd, court"), ("ja", "何卒よろしくお願い申し上げます"),
    ])
    func `lets harmless words of other languages pass`(locale: String, phrase: String) {
        #expect(codes(text: body + " " + phrase, locale: LanguageTag(locale)!, stage: 0).isEmpty)
    }

    @Test(
        arguments: [
            ("en", "{{^invoice_count.one}}s{{/invoice_count.one}}", []),
            (
                "en", "{{#invoice_count.one}}1{{/invoice_count.one}}{{#invoice_count.other}}2{{/invoice_count.other}}",
                []
            ),
            ("en", "{{#invoice_count.few}}s{{/invoice_count.few}}", [.pluralUnused, .pluralIncomplete]),
            ("ja", "{{#invoice_count.one}}s{{/invoice_count.one}}", [.pluralUnused]),
            ("pl", "{{^invoice_count.one}}s{{/invoice_count.one}}", [.pluralIncomplete]),
            (
                "pl",
                "{{#invoice_count.one}}a{{/invoice_count.one}}{{#invoice_count.few}}b{{/invoice_count.few}}",
                [.pluralIncomplete]
            ),
            (
                "pl",
                "{{#invoice_count.one}}a{{/invoice_count.one}}{{#invoice_count.few}}b{{/invoice_count.few}}"
                    + "{{#invoice_count.many}}c{{/invoice_count.many}}", []
            ),
        ] as [(String, String, [TemplateProblem.Code])])
    func `warns of plural forms that a language lacks or needs`(
        locale: String, source: String, expected: [TemplateProblem.Code]
    ) {
        let found = problems(
            text: body + source, html: body + "{{invoice_count}}", locale: LanguageTag(locale)!)
        #expect(found.map(\.code) == expected)
    }

    @Test func `warns of a page that does not name its language`() {
        #expect(codes(html: "<html><body>" + body + "</body></html>") == [.missingLanguage])
        #expect(codes(html: "<!DOCTYPE html><HTML dir=ltr LANG=\"{{locale}}\">" + body + "</html>") == [])
    }

    @Test func `warns at every stage of threats that nobody may make`() {
        #expect(codes(html: body + " you will be arrested", stage: 3) == [.unlawfulThreat])
    }

    @Test(arguments: [
        ("<script>x</script>", TemplateProblem.Code.activeContent), ("<IFRAME src=x>", .activeContent),
        ("<img src=x onerror=alert(1)>", .activeContent), ("<p ONCLICK = 'x'>", .activeContent),
        ("<a href=\" JavaScript:x\">", .activeContent), ("<a href=javascript:x>", .activeContent),
        ("<td width={{total}}>", .fieldInMarkup), ("<{{total}}>", .fieldInMarkup),
        ("<a href=\"{{brand.name}}\">", .fieldInMarkup),
        ("<a href=' {{brand.name}}/x'>", .fieldInMarkup),
    ])
    func `refuses active content and fields where escaping does not help`(markup: String, code: TemplateProblem.Code)
        throws
    {
        // `<{{` opens no tag for a browser, so it is text; everything else is refused.
        let found = problems(html: body + "\n" + markup).filter { $0.severity == .error }
        if markup.hasPrefix("<{{") {
            #expect(found.isEmpty)
            return
        }
        #expect(found.map(\.code) == [code])
        #expect(found.first?.part == .html)
        #expect(found.first?.line == 2)
    }

    @Test(arguments: [
        "<a href=\"https://pay.example/{{total}}\" title='{{total}}'>", "<!-- <script> {{total}} -->",
        "1 < 2 onclick=x {{total}}",
        "<p class=\"on\" data-once=\"1\">", "<td {{#credit}}class=\"x\"{{/credit}}>",
        "<style>a > b { color: red }</style>",
        "<br/>", "<img alt=\"a > b {{total}}\">",
    ])
    func `accepts plain html`(markup: String) {
        #expect(problems(html: body + markup).filter { $0.severity == .error } == [])
    }
}
