import Dunning
import Testing

extension DefaultTemplate: CustomTestStringConvertible {
    public var testDescription: String { name }
}

@Suite struct `The default templates` {
    typealias Fixture = MessageFixture

    @Test(arguments: DefaultTemplate.every)
    func `pass the lint without a word in every language`(template: DefaultTemplate) {
        #expect(DefaultTemplate.languages.map(\.text) == ["en", "de", "fr", "es", "ja"])
        let languages = Set(DefaultTemplate.languages)
        for locale in DefaultTemplate.languages {
            let source = template.source(in: locale)
            let use = TemplateUse(
                senders: [.sample, Fixture.brand()], readers: languages, written: languages, stage: template.stage)
            #expect(TemplateLint.problems(in: source, locale: locale, use: use) == [])
            // Stern words would be allowed in the last one, but there are none.
            #expect(TemplateLint.problems(in: source, locale: locale, stage: 0) == [])
        }
    }

    @Test func `have names of their own, and a text message where a person may get one`() {
        #expect(Set(DefaultTemplate.every.map(\.name)).count == DefaultTemplate.every.count)
        #expect(Set(DefaultTemplate.every.map(\.tone)) == Set(Tone.allCases))
        for template in DefaultTemplate.every {
            let speaking = DefaultTemplate.languages.filter { template.source(in: $0).sms != nil }
            #expect(speaking.isEmpty || speaking == DefaultTemplate.languages, "\(template.name)")
            // A last word is not sent as a text message.
            #expect(speaking.isEmpty || template.tone != .final)
        }
    }

    @Test(arguments: DefaultTemplate.every)
    func `fit a text message into two parts, in the alphabet of telephones where the language allows`(
        template: DefaultTemplate
    ) throws {
        for locale in DefaultTemplate.languages {
            guard let source = template.source(in: locale).sms else { continue }
            // August is août: a month must not cost the alphabet either.
            for month in 1...12 {
                let due = Day("2026-\(month < 10 ? "0" : "")\(month)-03")!
                let line = MessageFacts.Line(
                    number: "1", dueDate: due, total: Money(minor: 1_234_50, currency: Fixture.eur),
                    open: Money(minor: 1_234_50, currency: Fixture.eur))
                var facts = Fixture.facts(locale: locale, sections: [.init(summing: [line])!])
                facts.today = due.adding(8)
                let text = try Renderer.text(CompiledTemplate(source, as: .sms), given: RenderModel(facts)).text
                let length = TextSegments(text)
                #expect(length.count <= 2, "\(locale): \(text)")
                #expect(length.encoding == (locale == .japanese ? .ucs2 : .gsm7), "\(locale): \(text)")
            }
        }
    }

    @Test func `go from three days before to thirty days after the due date`() {
        #expect(DefaultTemplate.all.map(\.key) == ["courtesy", "friendly", "firm", "final"])
        #expect(DefaultTemplate.all.map(\.day) == [-3, 3, 14, 30])
        #expect(DefaultTemplate.all.map(\.stage) == [0, 1, 2, 3])
        #expect(TemplateLint.problems(inBrandText: DefaultTemplate.header, as: .header) == [])
        #expect(TemplateLint.problems(inBrandText: DefaultTemplate.footer, as: .footer) == [])
    }

    @Test(arguments: DefaultTemplate.every)
    func `say the same in text and in html, in the same order, in every language`(template: DefaultTemplate) throws {
        for locale in DefaultTemplate.languages {
            for facts in [
                Fixture.facts(locale: locale), Fixture.facts(locale: locale, contact: nil),
                Fixture.facts(locale: locale, sections: Fixture.twoCurrencies),
                Fixture.facts(locale: locale, sections: [.init(summing: Fixture.lines(300, Fixture.usd))!]),
            ] {
                let message = try render(template, facts)
                // The table's head stands once in html and beside every value in the text.
                let heads = message.html.matches(of: /<th [^>]*>(.*?)<\/th>/)
                    .flatMap { $0.output.1.split(separator: "<br>").map(String.init) }
                    .sorted { $0.count > $1.count }
                let body = message.html.replacing(/<th [^>]*>.*?<\/th>/, with: "")
                let lines = message.text.split(separator: "\n").map { line in
                    heads.first { line.hasPrefix($0) }.map { line.dropFirst($0.count) } ?? line
                }
                func words(_ text: String) -> [String] {
                    text.split { $0.isWhitespace || $0 == ":" || $0 == "：" }.map(String.init)
                }
                #expect(words(visible(body)) == words(lines.joined(separator: "\n")), "\(locale)")
                #expect(message.html.contains("<html lang=\"\(locale)\">"))
            }
        }
    }

    @Test func `list every invoice with its amounts and total every currency`() throws {
        let message = try render(.firm, twoCurrencies)
        for body in [message.text, message.html] {
            for part in [
                "INV-1000", "INV-1001", "Nov 3, 2026", "November 3, 2026", "$1,234.50", "€1,234.50", "$2,469.00",
                "Total in USD",
                "Total in EUR", "€5.00",
                "Northwind Trading Inc.", "+1 207 555 0100", "customer number C-77", "21 days ago", "Dear Anna Smith,",
            ] { #expect(body.contains(part), "\(part)") }
        }
        #expect(message.subject == "Payment overdue: $2,469.00 + €1,234.50 needs your attention")
        #expect(!message.html.contains("{{") && !message.text.contains("{{"))
    }

    @Test func `read well as plain text`() throws {
        #expect(
            try render(.friendly, Fixture.facts(sections: [.init(summing: Fixture.lines(1, Fixture.usd))!])).text == """
                Northwind

                Dear Anna Smith,

                It may have slipped through: according to our records as of November 24, 2026, the invoice below over \
                $1,234.50 is past due. We would appreciate your payment in the next few days.

                Invoice:        INV-1000
                Due date:       Nov 3, 2026
                Overdue by:     21 days
                Invoice total:  $2,000.00
                Open amount:    $1,234.50

                Total in USD:   $1,234.50

                Please state the invoice number and your customer number C-77 with your payment.

                If you have already paid, thank you, and please disregard this message. Should your payment have left \
                you more than a few days ago, tell us its date and reference, so that we can find it.

                If something keeps you from paying, or an invoice is not right, please let us know. Just reply to this \
                message or call +1 207 555 0100.

                Thank you and kind regards,
                Northwind

                Northwind Trading Inc.
                1 Harbor Way
                Portland, ME 04101
                billing@northwind.example
                +1 207 555 0100

                """)
    }

    @Test func `leave out what the brand and the customer do not have`() throws {
        var brand = Fixture.brand()
        brand.phone = nil
        brand.replyTo = nil
        brand.addressLines = []
        var facts = Fixture.facts(contact: nil, brand: brand)
        facts.customerExternalID = nil
        for template in DefaultTemplate.all {
            let message = try render(template, facts)
            #expect(message.text.hasSuffix("Northwind\n\nNorthwind Trading Inc.\n"))
            #expect(message.text.contains("Dear Acme Corp,"))
            #expect(message.text.contains("Please state the invoice number with your payment."))
            #expect(message.text.contains("Just reply to this message.\n"))
        }
    }

    @Test(arguments: DefaultTemplate.every)
    func `fit into a mailbox even with thousands of invoices in odd names`(template: DefaultTemplate) throws {
        var lines = Fixture.lines(5_000, Fixture.usd)
        for index in lines.indices { lines[index].number = String(repeating: "<&>", count: 20) + "\(index)" }
        let message = try render(template, Fixture.facts(sections: [.init(summing: lines)!]))
        #expect(message.html.contains("Further invoices not listed here, included in the total"))
        #expect(message.html.contains("4,800"))
        #expect(message.text.contains("4,800"))
    }

    @Test func `address a company and a person as Japanese does`() throws {
        func greeting(contact: String?, isConsumer: Bool) throws -> String? {
            var facts = Fixture.facts(locale: .japanese, customer: "山田商店", contact: contact)
            facts.isConsumer = isConsumer
            return try render(.friendly, facts).text.split(separator: "\n").dropFirst().first.map(String.init)
        }
        #expect(try greeting(contact: "鈴木一郎", isConsumer: false) == "山田商店　鈴木一郎 様")
        #expect(try greeting(contact: "鈴木一郎", isConsumer: true) == "鈴木一郎 様")
        #expect(try greeting(contact: nil, isConsumer: false) == "山田商店 御中")
        #expect(try greeting(contact: nil, isConsumer: true) == "山田商店 様")
    }

    private var twoCurrencies: MessageFacts { Fixture.facts(sections: Fixture.twoCurrencies) }

    private func render(_ template: DefaultTemplate, _ facts: MessageFacts) throws -> RenderedMessage {
        try Renderer.render(
            try MessageTemplate(template.source(in: facts.locale)), brand: try BrandTexts(facts.brand),
            given: RenderModel(facts))
    }

    /// What a mail program shows of `html`.
    private func visible(_ html: String) -> String {
        html.replacing(/(?s)<head>.*<\/head>/, with: "").replacing(/<[^>]*>/, with: " ")
            .replacing("&#39;", with: "'").replacing("&quot;", with: "\"").replacing("&lt;", with: "<")
            .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }
}
