import Dunning
import Testing

@Suite struct `The lint of templates` {
    private let body = "{{> header}} {{total}} {{#invoices}}{{number}}{{/invoices}} {{> footer}}"

    private func codes(
        subject: String = "Reminder: {{total}}", text: String? = nil, html: String? = nil, stage: Int? = 1
    ) -> [TemplateProblem.Code] {
        problems(subject: subject, text: text, html: html, stage: stage).map(\.code)
    }

    private func problems(
        subject: String = "Reminder: {{total}}", text: String? = nil, html: String? = nil, stage: Int? = 1
    ) -> [TemplateProblem] {
        TemplateLint.problems(
            in: TemplateSource(subject: subject, text: text ?? body, html: html ?? body), stage: stage)
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
