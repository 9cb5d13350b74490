/// What makes one letter differ from the others.
struct Letter {
    let title: String
    let subject: String
    let opening: [String]
    /// The last paragraph is the greeting above the brand's name.
    let closing: [String]
    /// The same as a text message; says how to get no more of them.
    var sms: String?

    func source(in words: LetterWords, showsDaysOverdue: Bool) -> TemplateSource {
        DefaultLayout(
            words: words, title: title, subject: subject, opening: opening, showsDaysOverdue: showsDaysOverdue,
            closing: closing, sms: sms
        ).source
    }
}

/// The letters of one language, to companies if nothing else is said.
struct DefaultLetters {
    let words: LetterWords
    let courtesy: Letter
    let approval: Letter
    let friendly: Letter
    let neutral: Letter
    let firm: Letter
    let final: Letter
    let promise: Letter
    let personal: PersonalLetters
}

/// The letters of one language to persons: plainer words, and time to pay in parts.
struct PersonalLetters {
    let friendly: Letter
    let firm: Letter
    let final: Letter
    // To subscribers, companies among them.
    let renewal: Letter
    let renewalFirm: Letter
    let pause: Letter
}
