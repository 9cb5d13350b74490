import Dunning
import Foundation
import Testing

/// Whole messages, compared with files under `Golden` that people have read.
///
/// After a wanted change of texts or layout, or with a tool chain of newer locale data, write them anew and read the
/// difference before it is committed:
///
/// ```
/// GOLDEN=write swift test --filter Golden
/// ```
@Suite struct `Golden messages` {
    private static let customers: [String: (company: String, person: String)] = [
        "en": ("Harbor Tools & Sons", "Ann Reed"), "en-IN": ("Mehta Textiles Pvt. Ltd.", "Asha Mehta"),
        "de": ("Müller & Söhne GmbH", "Jürgen Groß"), "fr": ("Établissements Lefèvre", "Zoé Lefèvre"),
        "es": ("Ibáñez e Hijos, S. A.", "Íñigo Ibáñez"), "ja": ("株式会社山田商店", "山田花子"),
    ]

    @Test(arguments: ["en", "en-IN", "de", "fr", "es", "ja"])
    func `read as they were approved`(name: String) throws {
        let locale = LanguageTag(name)!
        let several = try render(.firm, in: locale, isAboutSeveral: true)
        try compare("Subject: \(several.subject)\n\n\(several.text)", with: "\(name)/several.txt")
        try compare("<!-- Subject: \(several.subject) -->\n\(several.html)", with: "\(name)/several.html")
        let one = try render(.friendly, in: locale, isAboutSeveral: false)
        try compare("Subject: \(one.subject)\n\n\(one.text)", with: "\(name)/one.txt")
    }

    /// Every letter about one invoice; those to persons greet a person.
    @Test(arguments: ["en", "de", "fr", "es", "ja"])
    func `of the ready-made workflows read as they were approved`(name: String) throws {
        let locale = LanguageTag(name)!
        let customer = try #require(Self.customers[name])
        let isPersonal: Set = [
            DefaultTemplate.personalFriendly, .personalFirm, .personalFinal, .renewal, .renewalFirm, .pause,
        ]
        var pages = [String]()
        for template in DefaultTemplate.every {
            let isBefore = template.day < 0
            var facts = MessageFixture.facts(
                locale: locale, customer: isPersonal.contains(template) ? customer.person : customer.company,
                contact: nil,
                sections: [
                    .init(summing: [line("INV-2044", isBefore ? template.day : 12, 980_00, MessageFixture.eur)])!
                ],
                stage: template.stage)
            facts.isConsumer = isPersonal.contains(template)
            let source = template.source(in: locale)
            let mail = try Renderer.render(
                MessageTemplate(source), brand: BrandTexts(facts.brand), given: RenderModel(facts))
            var page = "=== \(template.name) (\(template.tone.rawValue))\nSubject: \(mail.subject)\n\n\(mail.text)"
            if let sms = source.sms {
                let text = try Renderer.text(CompiledTemplate(sms, as: .sms), given: RenderModel(facts)).text
                page += "\nText message (\(TextSegments(text).count)): \(text)\n"
            }
            pages.append(page)
        }
        try compare(pages.joined(separator: "\n"), with: "\(name)/letters.txt")
    }

    private func render(
        _ template: DefaultTemplate, in locale: LanguageTag, isAboutSeveral: Bool
    ) throws -> RenderedMessage {
        let customer = try #require(Self.customers[locale.text])
        let dollar = Currency("USD")!, rupee = Currency("INR")!, yen = Currency("JPY")!
        let several: [MessageFacts.Section] = [
            .init(summing: [line("INV-2031", 12, 1_234_567_89, dollar), line("INV-2044", 1, 980_00, dollar)])!,
            .init(summing: [line("INV-2038", 12, 12_34_567_00, rupee)], credit: Money(minor: 50_000, currency: rupee))!,
            .init(summing: [line("INV-2040", 1, 1_234_567, yen)])!,
        ]
        var facts = MessageFixture.facts(
            locale: locale, customer: customer.company, contact: isAboutSeveral ? customer.person : nil,
            sections: isAboutSeveral ? several : [.init(summing: [line("INV-2044", 1, 980_00, dollar)])!],
            stage: template.stage)
        facts.brand.name = "Northwind"
        let source = try #require(template.variants[locale] ?? template.variants[locale.lookup.last ?? locale])
        return try Renderer.render(
            MessageTemplate(source), brand: BrandTexts(facts.brand), given: RenderModel(facts))
    }

    private func line(_ number: String, _ daysOverdue: Int, _ minor: Int64, _ currency: Currency) -> MessageFacts.Line {
        let due = Day("2026-11-24")!.adding(-daysOverdue)
        let amount = Money(minor: minor, currency: currency)
        return MessageFacts.Line(
            number: number, issueDate: due.adding(-30), dueDate: due, total: amount, open: amount)
    }

    private func compare(_ text: String, with name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
        if ProcessInfo.processInfo.environment["GOLDEN"] == "write" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        let approved = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(text == approved, "\(name) differs")
    }
}
