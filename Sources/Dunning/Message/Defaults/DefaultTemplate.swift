/// A text that a new tenant starts with, in every language Recoup writes: one for each step of the standard workflow.
///
/// No text says that earlier ones were sent, since an entry policy may start a case at any stage; none names a step
/// that Recoup does not take.
package struct DefaultTemplate: Hashable, Sendable {
    /// Stable; also the key of the default workflow's step.
    package let key: String
    package let name: String
    /// Days from the due date; negative before it.
    package let day: Int
    package let stage: Int
    /// English is the original: what a customer gets whose language has no text.
    package let variants: [LanguageTag: TemplateSource]

    package static let original = LanguageTag.english

    /// The languages the texts are in, the original first.
    package static let languages = [original] + letters.map(\.words.locale).filter { $0 != original }

    /// In the order in which they are sent.
    package static let all = [courtesy, friendly, firm, final]

    package static let courtesy = DefaultTemplate(
        key: "courtesy", name: "Courtesy note", day: -3, stage: 0, letter: \.courtesy)
    package static let friendly = DefaultTemplate(
        key: "friendly", name: "Friendly reminder", day: 3, stage: 1, letter: \.friendly)
    package static let firm = DefaultTemplate(key: "firm", name: "Firm reminder", day: 14, stage: 2, letter: \.firm)
    package static let final = DefaultTemplate(key: "final", name: "Final reminder", day: 30, stage: 3, letter: \.final)

    /// What stands above every message unless the brand says otherwise.
    package static let header = "{{brand.name}}"

    /// What stands below every message unless the brand says otherwise: without a word, so that it fits every language.
    package static let footer = """
        {{brand.legal_name}}
        {{#brand.address}}
        {{brand.address}}
        {{/brand.address}}
        {{#brand.reply_to}}
        {{brand.reply_to}}
        {{/brand.reply_to}}
        {{#brand.phone}}
        {{brand.phone}}
        {{/brand.phone}}
        """

    private static let letters = [
        DefaultLetters.english, .german, .french, .spanish, .japanese,
    ]

    private init(
        key: String, name: String, day: Int, stage: Int, letter: KeyPath<DefaultLetters, DefaultLetters.Letter>
    ) {
        self.key = key
        self.name = name
        self.day = day
        self.stage = stage
        variants = Dictionary(
            uniqueKeysWithValues: Self.letters.map { letters in
                (letters.words.locale, letters[keyPath: letter].source(in: letters.words, showsDaysOverdue: day > 0))
            })
    }

    /// The text in the original language.
    package var source: TemplateSource { source(in: Self.original) }

    /// The text in one of ``languages``.
    package func source(in language: LanguageTag) -> TemplateSource {
        guard let source = variants[language] else { preconditionFailure("a text in every language") }
        return source
    }
}

/// The letters of one language.
struct DefaultLetters {
    /// What makes one letter differ from the others.
    struct Letter {
        let title: String
        let subject: String
        let opening: [String]
        /// The last paragraph is the greeting above the brand's name.
        let closing: [String]

        func source(in words: LetterWords, showsDaysOverdue: Bool) -> TemplateSource {
            DefaultLayout(
                words: words, title: title, subject: subject, opening: opening, showsDaysOverdue: showsDaysOverdue,
                closing: closing
            ).source
        }
    }

    let words: LetterWords
    let courtesy: Letter
    let friendly: Letter
    let firm: Letter
    let final: Letter
}
