import Dunning
import Testing

/// U+00A0 and U+202F are written out, since they cannot be seen.
@Suite struct `Amounts, days and counts` {
    private static let day = Day("2026-11-03")!

    @Test(arguments: [
        ("en", "USD", 123_456_789, "$1,234,567.89"), ("en", "EUR", -5, "-€0.05"),
        ("en", "JPY", 1_234_567, "¥1,234,567"),
        ("en", "INR", 123_456_789, "₹1,234,567.89"), ("en", "BHD", 1_234_567, "BHD\u{A0}1,234.567"),
        ("en", "AUD", 100, "A$1.00"), ("en-AU", "AUD", 100, "$1.00"),
        ("en-IN", "INR", 123_456_700, "₹12,34,567.00"), ("en-IN", "USD", 123_456_789, "$12,34,567.89"),
        ("en-IN", "INR", 9_007_199_254_740_991, "₹9,00,71,99,25,47,409.91"),
        ("de", "EUR", 123_456_789, "1.234.567,89\u{A0}€"), ("de", "JPY", 1_234_567, "1.234.567\u{A0}¥"),
        ("de-CH", "CHF", 123_456_789, "CHF\u{A0}1’234’567.89"),
        ("fr", "EUR", 123_456_789, "1\u{202F}234\u{202F}567,89\u{A0}€"),
        ("fr", "JPY", 1_234, "1\u{202F}234\u{A0}JPY"),
        ("es", "EUR", 123_456_789, "1.234.567,89\u{A0}€"), ("es", "EUR", 123_450, "1234,50\u{A0}€"),
        ("ja", "JPY", 1_234_567, "¥1,234,567"), ("ja", "USD", 123_456_789, "$1,234,567.89"),
        ("pt-BR", "BRL", 123_456_789, "R$\u{A0}1.234.567,89"),
    ])
    func `of money are written as the locale does`(locale: String, code: String, minor: Int64, expected: String) {
        let money = Money(minor: minor, currency: Currency(code)!)
        // Japanese keyboards have a yen sign as wide as their letters.
        let text = money.formatted(in: LanguageTag(locale)!).replacing("￥", with: "¥")
        #expect(text == expected)
    }

    @Test(arguments: [
        ("en", "Nov 3, 2026", "November 3, 2026", "4,800"), ("en-IN", "3 Nov 2026", "3 November 2026", "4,800"),
        ("de", "3. Nov. 2026", "3. November 2026", "4.800"),
        ("fr", "3 nov. 2026", "3 novembre 2026", "4\u{202F}800"),
        ("es", "3 nov 2026", "3 de noviembre de 2026", "4800"),
        ("ja", "2026年11月3日", "2026年11月3日", "4,800"),
    ])
    func `are written short and in full`(locale: String, short: String, full: String, count: String) {
        let format = LocalFormat(LanguageTag(locale)!)
        #expect(format.text(Self.day) == short)
        #expect(format.fullText(Self.day) == full)
        #expect(format.text(4_800) == count)
    }

    @Test func `are of the Gregorian calendar everywhere`() {
        for locale in ["th", "fa", "ar-SA", "he", "ja", "am"] {
            let text = LocalFormat(LanguageTag(locale)!).fullText(Self.day)
            let year = text.split { $0.wholeNumberValue == nil }.map { $0.compactMap(\.wholeNumberValue) }
            #expect(year.contains([2, 0, 2, 6]), "\(locale): \(text)")
        }
    }

    @Test func `keep every digit of every amount in every locale`() {
        var generator = SplitMix(announcing: "money in locales")
        let currencies = Currency.codes.map { Currency($0)! }
        for locale in ["en", "en-IN", "de", "de-CH", "fr", "es", "ja", "pt-BR", "hi", "ar-EG", "fa", "pl"] {
            let format = LocalFormat(LanguageTag(locale)!)
            for _ in 0..<2_000 {
                let largest = Bool.random(using: &generator) ? Money.largest : 10_000_000
                let money = Money(
                    minor: Int64.random(in: -largest...largest, using: &generator),
                    currency: currencies.randomElement(using: &generator)!)
                let text = format.text(money)
                let digits = text.compactMap(\.wholeNumberValue).map(String.init).joined()
                #expect(digits == money.decimal.filter { $0 != "-" && $0 != "." }, "\(text) \(locale)")
                #expect(text.contains { $0 == "-" || $0 == "\u{2212}" } == (money.minor < 0), "\(text) \(locale)")
            }
        }
    }
}

@Suite struct `A plural` {
    @Test(arguments: [
        ("en", "other one other"), ("de", "other one other"), ("es", "other one other"), ("fr", "one one other"),
        ("ja", "other other other"), ("en-IN", "other one other"), ("pt-BR", "one one other"),
        ("pt-PT", "other one other"), ("pl", "many one few"), ("ar", "zero one two"), ("xh", "other one other"),
    ])
    func `has the form of its language for 0, 1 and 2`(locale: String, expected: String) {
        let forms = (0...2).map { PluralCategory($0, in: LanguageTag(locale)!).rawValue }
        #expect(forms.joined(separator: " ") == expected)
    }

    /// From CLDR 48, as the ICU of another program has it: o(ne) t(wo) f(ew) m(any) z(ero), - for other.
    @Test(arguments: [
        ("ru", "mofffmmmmmmmmmmmmmmmmofffm"), ("hr", "-offf----------------offf-"),
        ("pl", "mofffmmmmmmmmmmmmmmmmmfffm"),
        ("cs", "-offf---------------------"), ("sl", "-otff---------------------"),
        ("lt", "-offffffff-----------offff"), ("lv", "zo--------zzzzzzzzzzzo----"),
        ("ro", "foffffffffffffffffff------"), ("is", "-o-------------------o----"),
        ("ar", "zotffffffffmmmmmmmmmmmmmmm"), ("he", "-ot-----------------------"),
        ("ga", "-otffffmmmm---------------"), ("cy", "zotf--m-------------------"),
        ("mt", "fotffffffffmmmmmmmmm------"), ("fil", "oooo-o-oo-oooo-o-oo-oooo-o"),
    ])
    func `follows CLDR`(locale: String, expected: String) {
        let tag = LanguageTag(locale)!
        let forms = (0...25).map { PluralCategory($0, in: tag) }
        let letters = forms.map { $0 == .other ? "-" : String($0.rawValue.prefix(1)) }
        #expect(letters.joined() == expected)
        #expect(Set(forms).isSubset(of: PluralCategory.all(in: tag)))
    }

    @Test func `chooses the section of a template`() throws {
        let source =
            "{{invoice_count}} invoice{{^invoice_count.one}}s{{/invoice_count.one}}"
            + "{{#invoices}}; {{number}} {{days_overdue}} {{#days_overdue.one}}day{{/days_overdue.one}}"
            + "{{#days_overdue.other}}days{{/days_overdue.other}}{{/invoices}}"
        for (count, due, expected) in [
            (1, "2026-11-23", "1 invoice; INV-1000 1 day"), (1, "2026-11-24", "1 invoice; INV-1000 0 days"),
            (2, "2026-11-22", "2 invoices; INV-1000 2 days; INV-1001 1 day"),
        ] {
            let facts = MessageFixture.facts(
                sections: [.init(summing: MessageFixture.lines(count, MessageFixture.usd, due: due))!])
            #expect(try MessageFixture.text(source, facts: facts) == expected)
        }
        // French says "0 jour"; the section of a currency counts its own invoices.
        let facts = MessageFixture.facts(locale: .french, sections: MessageFixture.twoCurrencies)
        #expect(
            try MessageFixture.text(
                "{{#sections}}{{invoice_count}}{{#invoice_count.one}} une{{/invoice_count.one}} {{/sections}}",
                facts: facts) == "2 1 une ")
        #expect(
            try MessageFixture.text(
                "{{#unlisted_count.one}}a{{/unlisted_count.one}}{{^unlisted_count.one}}b{{/unlisted_count.one}}")
                == "b")
    }

    @Test(arguments: [
        "{{invoice_count.one}}", "{{#invoice_count.1}}{{/invoice_count.1}}", "{{#total.one}}{{/total.one}}",
        "{{#invoice_count.ones}}{{/invoice_count.ones}}", "{{#days_overdue.one}}{{/days_overdue.one}}",
    ])
    func `of no count, or no form of one, is an error`(source: String) {
        let error = #expect(throws: TemplateError.self) { try CompiledTemplate(source, as: .text) }
        #expect(error?.problems.map(\.code) == [.unknownField])
    }

    @Test func `that is misspelt is answered with the forms there are`() {
        let error = #expect(throws: TemplateError.self) {
            try CompiledTemplate("{{#invoice_count.single}}{{/invoice_count.single}}", as: .text)
        }
        #expect(
            error?.problems.first?.message
                == "There is no field invoice_count.single here. Forms of invoice_count open sections, and are: "
                + ".zero, .one, .two, .few, .many, .other.")
    }
}
