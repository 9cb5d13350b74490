import Dunning
import Testing

@Suite struct `A language tag` {
    @Test(arguments: [
        ("en", "en"), ("EN-in", "en-IN"), ("pt-br", "pt-BR"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"),
        ("fil", "fil"), ("sr-latn", "sr-Latn"), ("de-ch-1996", "de-CH-1996"), ("ca-Valencia", "ca-valencia"),
    ])
    func `is written in the usual case`(text: String, expected: String) {
        #expect(LanguageTag(text)?.text == expected)
    }

    @Test(arguments: [
        "", "e", "english", "en_US", "en-", "-en", "en--US", "jp", "xx", "en-UK", "en-ZZ", "und", "mul", "zxx",
        "en-US-u-nu-thai", "x-private", "i-klingon", "en US", "en\n", "de-DE-DE", "de-1996-1996", "zh-Xxxx", "日本",
        "sl-rozaj-biske-1994-nedis-abcdefgh-abc", "1en", "en-US-Latn",
    ])
    func `refuses what no language is called`(text: String) {
        #expect(LanguageTag(text) == nil)
    }

    @Test func `is looked up from the whole to the bare language`() {
        #expect(LanguageTag("zh-Hant-TW")?.lookup.map(\.text) == ["zh-Hant-TW", "zh-Hant", "zh"])
        #expect(LanguageTag.german.lookup == [.german])
        #expect(LanguageTag("zh-Hant-TW")?.language == "zh")
    }
}

@Suite struct `A text in several languages` {
    private func tag(_ text: String) -> LanguageTag { LanguageTag(text)! }

    private func choice(
        customer: String?, brand: String, of texts: [String] = ["en", "de", "pt-BR", "pl"], original: String = "pl"
    ) -> [String] {
        let variants = Variants(
            original: tag(original), Dictionary(uniqueKeysWithValues: texts.map { (tag($0), $0) }))
        guard let found = variants.choice(customer: customer.map(tag), brand: tag(brand)) else { return [] }
        return [found.text, found.locale.text]
    }

    @Test(
        arguments: [
            // The customer's own tag, then its language, in the customer's own formatting.
            ("de", "en", ["de", "de"]), ("de-AT", "en", ["de", "de-AT"]), ("en-IN", "de", ["en", "en-IN"]),
            ("pt-BR", "en", ["pt-BR", "pt-BR"]),
            // A language without a text: the brand's tag, then its language.
            ("fr", "de", ["de", "de"]), ("fr-CA", "de-CH", ["de", "de-CH"]), ("pt", "en-GB", ["en", "en-GB"]),
            (nil, "en-GB", ["en", "en-GB"]),
            // Neither has one: the first that was saved, as it is.
            ("fr", "it", ["pl", "pl"]), (nil, "ja", ["pl", "pl"]),
        ] as [(String?, String, [String])])
    func `is taken in the customer's language, else the brand's, else the first`(
        customer: String?, brand: String, expected: [String]
    ) {
        #expect(choice(customer: customer, brand: brand) == expected)
    }

    @Test func `prefers the exact tag to the bare language`() {
        #expect(choice(customer: "de-AT", brand: "en", of: ["de", "de-AT"], original: "de") == ["de-AT", "de-AT"])
        #expect(choice(customer: "de-CH", brand: "en", of: ["de", "de-AT"], original: "de") == ["de", "de-CH"])
        #expect(choice(customer: "de", brand: "en", of: ["de-AT", "en"], original: "en") == ["en", "en"])
    }

    @Test func `is none without any`() {
        #expect(choice(customer: "de", brand: "en", of: []) == [])
    }
}
