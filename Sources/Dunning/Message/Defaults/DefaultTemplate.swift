/// How hard a letter presses.
package enum Tone: String, Hashable, Sendable, CaseIterable {
    case friendly, neutral, firm, final
}

/// A ready-made text for one situation and in one tone, in every language Recoup writes.
///
/// No text says that earlier ones were sent, since an entry policy may start a case at any stage; what a last one
/// announces is taken up by the ready-made workflows that send it.
package struct DefaultTemplate: Hashable, Sendable {
    /// Stable; also the key of the step that sends it in ready-made workflows.
    package let key: String
    /// What the template is called in a tenant.
    package let name: String
    package let tone: Tone
    /// The usual day from the due date; negative before it.
    package let day: Int
    /// The lowest stage it is made for.
    package let stage: Int
    /// English is the original: what a customer gets whose language has no text.
    package let variants: [LanguageTag: TemplateSource]

    package static let original = LanguageTag.english

    /// The languages the texts are in, the original first.
    package static let languages = [original] + letters.map(\.words.locale).filter { $0 != original }

    /// The letters of the standard workflow, with which new tenants start, in the order in which they are sent.
    package static let all = [courtesy, friendly, firm, final]

    /// Every letter there is.
    package static let every =
        all + [
            approval, neutral, promise, personalFriendly, personalFirm, personalFinal, renewal, renewalFirm, pause,
        ]

    package static let courtesy = DefaultTemplate(
        key: "courtesy", name: "Courtesy note", tone: .friendly, day: -3, stage: 0, letter: \.courtesy)
    package static let friendly = DefaultTemplate(
        key: "friendly", name: "Friendly reminder", tone: .friendly, day: 3, stage: 1, letter: \.friendly)
    package static let firm = DefaultTemplate(
        key: "firm", name: "Firm reminder", tone: .firm, day: 14, stage: 2, letter: \.firm)
    package static let final = DefaultTemplate(
        key: "final", name: "Final reminder", tone: .final, day: 30, stage: 3, letter: \.final)

    /// To a company whose payments need papers: is anything missing?
    package static let approval = DefaultTemplate(
        key: "approval", name: "Approval before due", tone: .neutral, day: -10, stage: 0, letter: \.approval)
    package static let neutral = DefaultTemplate(
        key: "neutral", name: "Payment reminder", tone: .neutral, day: 10, stage: 1, letter: \.neutral)
    /// After a promise that was not kept.
    package static let promise = DefaultTemplate(
        key: "promise", name: "Announced payment missing", tone: .neutral, day: 3, stage: 1, letter: \.promise)

    // To persons, in plainer words; those below the last can be sent as text messages too.
    package static let personalFriendly = DefaultTemplate(
        key: "friendly", name: "Friendly reminder to a person", tone: .friendly, day: 5, stage: 1,
        letter: \.personal.friendly)
    package static let personalFirm = DefaultTemplate(
        key: "firm", name: "Firm reminder to a person", tone: .firm, day: 21, stage: 2, letter: \.personal.firm)
    package static let personalFinal = DefaultTemplate(
        key: "final", name: "Final reminder to a person", tone: .final, day: 45, stage: 3, letter: \.personal.final)

    // To subscribers.
    package static let renewal = DefaultTemplate(
        key: "friendly", name: "Subscription: friendly reminder", tone: .friendly, day: 2, stage: 1,
        letter: \.personal.renewal)
    package static let renewalFirm = DefaultTemplate(
        key: "firm", name: "Subscription: firm reminder", tone: .firm, day: 12, stage: 2,
        letter: \.personal.renewalFirm)
    /// Announces what the workflow does next: the service is paused.
    package static let pause = DefaultTemplate(
        key: "final", name: "Subscription: last reminder before a pause", tone: .final, day: 21, stage: 3,
        letter: \.personal.pause)

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
        key: String, name: String, tone: Tone, day: Int, stage: Int, letter: KeyPath<DefaultLetters, Letter>
    ) {
        self.key = key
        self.name = name
        self.tone = tone
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
