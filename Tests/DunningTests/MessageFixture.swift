import Dunning

/// Messages to render in tests.
enum MessageFixture {
    static let usd = Currency("USD")!
    static let eur = Currency("EUR")!

    static func brand(header: String = DefaultTemplate.header, footer: String = DefaultTemplate.footer) -> BrandIdentity
    {
        guard case .success(let replyTo) = Result(catching: { try EmailAddress("billing@northwind.example") }) else {
            preconditionFailure("the fixture's own address is valid")
        }
        return BrandIdentity(
            name: "Northwind", legalName: "Northwind Trading Inc.",
            addressLines: ["1 Harbor Way", "Portland, ME 04101"],
            replyTo: replyTo, phone: "+1 207 555 0100", zone: Zone("America/New_York")!, headerText: header,
            footerText: footer)
    }

    static func lines(_ count: Int, _ currency: Currency, due: String = "2026-11-03") -> [MessageFacts.Line] {
        (0..<count).map { index in
            MessageFacts.Line(
                number: "INV-\(1_000 + index)", issueDate: Day(due)!.adding(-30), dueDate: Day(due)!.adding(index),
                total: Money(minor: 200_000, currency: currency), open: Money(minor: 123_450, currency: currency))
        }
    }

    static let twoCurrencies: [MessageFacts.Section] = [
        .init(summing: lines(2, usd))!,
        .init(summing: lines(1, eur), credit: Money(minor: 500, currency: eur))!,
    ]

    static func facts(
        locale: LanguageTag = .english, customer: String = "Acme Corp", contact: String? = "Anna Smith",
        brand: BrandIdentity? = nil,
        sections: [MessageFacts.Section]? = nil, stage: Int = 1
    ) -> MessageFacts {
        MessageFacts(
            locale: locale, customerName: customer, customerExternalID: "C-77", contactName: contact,
            brand: brand ?? self.brand(),
            today: Day("2026-11-24")!, stage: stage,
            sections: sections ?? [MessageFacts.Section(summing: lines(2, usd))!])
    }

    static func render(
        subject: String = "s", text: String = "", html: String = "", facts: MessageFacts? = nil
    ) throws -> RenderedMessage {
        let facts = facts ?? self.facts()
        let template = try MessageTemplate(TemplateSource(subject: subject, text: text, html: html))
        return try Renderer.render(template, brand: try BrandTexts(facts.brand), given: RenderModel(facts))
    }

    static func text(_ source: String, facts: MessageFacts? = nil) throws -> String {
        try render(text: source, facts: facts).text
    }

    static func html(_ source: String, facts: MessageFacts? = nil) throws -> String {
        try render(html: source, facts: facts).html
    }
}
