/// Finds salutations that guess whether a person is a man or a woman: nothing Recoup knows would tell.
enum AddressScan {
    static func problems(in source: String, as part: TemplatePart, locale: LanguageTag) -> [TemplateProblem] {
        guard let (gendered, neutral) = phrases[locale.language] else { return [] }
        var words = WordScan(source)
        for phrase in neutral { words.forget(phrase) }
        for phrase in gendered {
            guard let (offset, line) = words.find(phrase) else { continue }
            return [
                .init(
                    part: part, severity: .warning, code: .genderedAddress, offset: offset, line: line,
                    name: phrase.text,
                    message: "“\(phrase.text)” fits only some of the people it is written to; address them neutrally.")
            ]
        }
        return []
    }

    /// What guesses, and what contains the same words without guessing.
    private static let phrases: [String: (gendered: [Phrase], neutral: [Phrase])] = [
        "en": (
            Phrase.list("dear sir, dear sirs, dear madam, gentlemen, mr, mrs"),
            Phrase.list("dear sir or madam, dear madam or sir, ladies and gentlemen")
        ),
        "de": (
            Phrase.list("sehr geehrter, sehr geehrte, lieber kunde, liebe kundin, herr, herrn, frau"),
            Phrase.list(
                "sehr geehrte damen und herren, damen und herren, liebe kundinnen und kunden, sehr geehrte kundschaft")
        ),
        "fr": (
            Phrase.list("monsieur, madame, cher, chère"),
            Phrase.list("madame monsieur, monsieur madame, mesdames messieurs, chère cliente cher client")
        ),
        "es": (
            Phrase.list("señor, señora, sr, sra, estimado, estimada"),
            Phrase.list("estimado a, estimada o, estimado cliente, estimados señores, señora señor, señor a")
        ),
    ]
}
