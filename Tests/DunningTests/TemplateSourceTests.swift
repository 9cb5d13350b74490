import Dunning
import Testing

@Suite struct `A template's source` {
    typealias Fixture = MessageFixture

    private func problems(_ source: String, as part: TemplatePart = .text) -> [TemplateProblem] {
        do throws(TemplateError) {
            _ = try CompiledTemplate(source, as: part)
            return []
        } catch {
            return error.problems
        }
    }

    @Test(
        arguments: [
            ("Hello {{custmer.name}}", TemplateProblem.Code.unknownField, 6, "custmer.name"),
            ("\n\n {{number}}", .unknownField, 3, "number"),
            ("{{#sections}}{{number}}{{/sections}}", .unknownField, 13, "number"),
            ("{{#people}}{{x}}{{/people}}", .unknownField, 0, "people"),
            ("{{invoices}}", .listAsField, 0, "invoices"),
            ("{{#total}}{{/total}}", .notASection, 0, "total"),
            ("{{#invoices}}{{#invoices}}{{/invoices}}{{/invoices}}", .repeatedList, 13, "invoices"),
            ("{{#invoices}}{{#sections}}{{/sections}}{{/invoices}}", .repeatedList, 13, "sections"),
            ("{{#sections}}{{#sections}}{{/sections}}{{/sections}}", .repeatedList, 13, "sections"),
            ("ab{{> logo}}", .unknownPartial, 2, "logo"),
            ("{{> subject}}", .unknownPartial, 0, "subject"),
            ("{{#credit}}", .unclosedSection, 0, "credit"),
            ("{{#credit}}{{#invoices}}{{/credit}}{{/invoices}}", .mismatchedClose, 24, "credit"),
            ("{{/credit}}", .mismatchedClose, 0, "credit"),
            ("x {{{total}}}", .tripleBraces, 2, nil), ("{{&total}}", .unsupportedTag, 0, nil),
            ("{{=<% %>=}}", .unsupportedTag, 0, nil), ("{{! hush }}", .unsupportedTag, 0, nil),
            ("{{%x}}", .unsupportedTag, 0, nil),
            ("{{1}}", .unsupportedTag, 0, nil), ("{{}}", .emptyTag, 0, nil), ("{{ }}", .emptyTag, 0, nil),
            ("{{# }}", .emptyTag, 0, nil),
            ("{{customer name}}", .badName, 0, nil), ("{{tötal}}", .badName, 0, nil), ("{{total", .unclosedTag, 0, nil),
            ("{{total}", .unclosedTag, 0, nil), ("{{to\ntal}}", .unclosedTag, 0, nil),
            ("{{ {{total}} }}", .unclosedTag, 0, nil),
            ("é\0", .controlCharacter, 2, nil), ("a\u{1B}[0m", .controlCharacter, 1, nil),
            ("\u{7F}", .controlCharacter, 0, nil),
        ] as [(String, TemplateProblem.Code, Int, String?)])
    func `says what is wrong, where, and with which name`(
        source: String, code: TemplateProblem.Code, offset: Int, name: String?
    ) throws {
        let found = problems(source)
        #expect(found.count == 1)
        let problem = try #require(found.first)
        #expect(problem.code == code)
        #expect(problem.offset == offset)
        #expect(problem.name == name)
        #expect(problem.severity == .error)
        #expect(problem.line == 1 + source.utf8.prefix(offset).count { $0 == 10 })
    }

    @Test func `collects wrong names of all parts, up to a limit`() {
        let source = TemplateSource(subject: "{{a}} {{b}}", text: "{{c}}\n{{total}}\n{{d}}", html: "{{e}}")
        #expect { try MessageTemplate(source) } throws: { error in
            let problems = (error as? TemplateError)?.problems ?? []
            return problems.map(\.name) == ["a", "b", "c", "d", "e"] && problems[3].line == 3
                && problems[3].part == .text
        }
        #expect(problems(String(repeating: "{{x}}", count: 1_000)).count == 20)
    }

    @Test func `keeps lists, partials and line breaks out of the subject`() {
        #expect(problems("{{#invoices}}{{number}}{{/invoices}}", as: .subject).first?.code == .listInSubject)
        #expect(problems("{{> header}}", as: .subject).first?.code == .partialNotAllowed)
        #expect(problems("a\nb", as: .subject).first?.code == .subjectLineBreak)
        #expect(problems("a\r", as: .subject).first?.code == .subjectLineBreak)
        #expect(problems("{{#credit}} {{credit}} {{/credit}}", as: .subject).isEmpty)
    }

    @Test func `cannot include a brand text in a brand text`() {
        #expect(problems("{{> header}}", as: .header).first?.code == .partialNotAllowed)
        #expect(problems("{{> footer}}", as: .header).first?.code == .partialNotAllowed)
        #expect(problems("{{> header}}", as: .footer).first?.code == .partialNotAllowed)
        #expect(throws: TemplateError.self) { try BrandTexts(header: "{{> header}}", footer: "") }
    }

    // MARK: Hostile sources

    @Test func `is given up at the limits of size, depth and number`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "{{#credit}}", count: depth) + String(repeating: "{{/credit}}", count: depth)
        }
        #expect(problems(nested(8)).isEmpty)
        #expect(problems(nested(9)).first?.code == .tooDeep)
        #expect(problems(nested(2_900)).first?.code == .tooDeep)
        #expect(problems(nested(3_000)).first?.code == .sourceTooLarge)
        #expect(problems(String(repeating: "{{#credit}}", count: 3_000)).first?.code == .tooDeep)
        #expect(problems(String(repeating: "{{total}}", count: 2_000)).isEmpty)
        #expect(problems(String(repeating: "{{total}}", count: 2_001)).first?.code == .tooManyNodes)
        #expect(problems(String(repeating: "x", count: 65_536)).isEmpty)
        #expect(problems(String(repeating: "x", count: 65_537)).first?.code == .sourceTooLarge)
    }

    @Test(arguments: [
        "{{", "{", "{{a", "{{ ", "{{{", "{{#", "}}", "{{a}", "{ {", " {{total}} ", "{{#credit}}{{/credit}}", "\t", "\r",
        "{\n{",
    ])
    func `of one pattern over and over ends like any other`(pattern: String) {
        let source = String(repeating: pattern, count: 65_000 / pattern.utf8.count)
        let found = problems(source)
        #expect(found.allSatisfy { (0...source.utf8.count).contains($0.offset) })
        _ = TemplateLint.problems(in: TemplateSource(subject: "s", text: source, html: source))
    }

    @Test func `cannot write more than the output may hold`() throws {
        let facts = Fixture.facts(sections: [.init(summing: Fixture.lines(200, Fixture.usd))!])
        let long = String(repeating: "x", count: 60_000)
        #expect(throws: RenderError.outputTooLarge) {
            try Fixture.text("{{#invoices}}\(long){{/invoices}}", facts: facts)
        }
        #expect(throws: RenderError.outputTooLarge) {
            try Fixture.html(
                "{{customer.name}}", facts: Fixture.facts(customer: String(repeating: "<", count: 100_000)))
        }
        let busy = String(repeating: "{{#credit}}{{/credit}}", count: 1_900)
        #expect(throws: RenderError.tooMuchWork) { try Fixture.text("{{#invoices}}\(busy){{/invoices}}", facts: facts) }
    }

    @Test func `put together at random compiles or is refused, and never breaks out of its values`() throws {
        var generator = SplitMix(announcing: "template fuzz")
        let tokens = [
            "{{", "}}", "{{{", "}}}", "{{#", "{{^", "{{/", "{{>", "{{total}}", "{{customer.name}}", "{{#invoices}}",
            "{{/invoices}}",
            "{{#sections}}", "{{/sections}}", "{{#credit}}", "{{^credit}}", "{{/credit}}", "{{> header}}",
            "{{> footer}}",
            "{{number}}", "{{open}}", "{{=<% %>=}}", "{{! c }}", "credit", "invoices", " ", "\n", "\r\n", "\r", "\t",
            "\0", "é", "text",
            "\"", "'", "=", "<a href=\"", "<!--", "-->", "onclick", ">", "{{{total}}}", "{{\n", "{{brand.address}}",
            "court", "&", "{{#invoice_count.one}}", "{{/invoice_count.one}}", "{{^days_overdue.other}}",
            "{{/days_overdue.other}}", ".one", "{{#unlisted_count.few}}", "{{/unlisted_count.few}}",
        ]
        let facts = Fixture.facts(customer: "<EVIL>", sections: Fixture.twoCurrencies)
        let brand = try BrandTexts(facts.brand)
        let model = RenderModel(facts)
        var compiled = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...(Bool.random(using: &generator) ? 5 : 24), using: &generator)
            let source = (0..<count).map { _ in tokens.randomElement(using: &generator)! }.joined()
            let part = TemplatePart.allCases.randomElement(using: &generator)!
            do {
                let template = try CompiledTemplate(source, as: part)
                compiled += 1
                let subject = try CompiledTemplate("s", as: .subject)
                let message = try Renderer.render(
                    subject: part == .subject ? template : subject, text: template, html: template, brand: brand,
                    given: model)
                #expect(!message.html.contains("<EVIL>"), "\(source)")
                #expect(!message.subject.contains { $0.isNewline }, "\(source)")
            } catch let error as TemplateError {
                #expect(error.problems.allSatisfy { (0...source.utf8.count).contains($0.offset) && $0.part == part })
            } catch let error as RenderError {
                #expect(error == .subjectEmpty, "\(source)")
            }
            _ = TemplateLint.problems(in: TemplateSource(subject: "s", text: source, html: source), stage: 1)
        }
        #expect(compiled > 1_000)
    }
}
