/// Finds phrases that come too early, or should not be said at all, in the words of a template.
///
/// Announcing steps that are not about to be taken is a false threat (15 U.S.C. 1692e(5) for collectors; most countries
/// have a like rule); arrest for a debt is never lawful to announce.
enum ThreatScan {
    /// The stage from which a last warning may speak of what comes next.
    static let firstSternStage = 3

    static func problems(
        in source: String, as part: TemplatePart, locale: LanguageTag, stage: Int
    ) -> [TemplateProblem] {
        guard let phrases = ThreatPhrases.of(locale) else { return [] }
        let words = WordScan(source)
        var problems = [TemplateProblem]()
        for phrase in phrases.unlawful {
            guard let (offset, line) = words.find(phrase) else { continue }
            problems.append(
                .init(
                    part: part, severity: .warning, code: .unlawfulThreat, offset: offset, line: line,
                    name: phrase.text, message: "“\(phrase.text)” reads as a threat that nobody may make over a debt."))
        }
        guard stage < firstSternStage else { return problems }
        for phrase in phrases.stern {
            guard let (offset, line) = words.find(phrase) else { continue }
            problems.append(
                .init(
                    part: part, severity: .warning, code: .earlyThreat, offset: offset, line: line, name: phrase.text,
                    message:
                        "“\(phrase.text)” is stern for stage \(stage); it belongs to the last reminder, if it is true.")
            )
        }
        return problems
    }
}
