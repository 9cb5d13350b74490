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
        let words = Words(source)
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

/// A source cut into lower-case words, so that phrases are found across line breaks and not within longer words.
private struct Words {
    private var words = [String]()
    private var places = [(offset: Int, line: Int)]()

    init(_ source: String) {
        var word = String.UnicodeScalarView()
        var line = 1
        var offset = 0
        for scalar in source.unicodeScalars {
            if Self.isLetter(scalar) {
                if word.isEmpty { places.append((offset, line)) }
                word.append(scalar)
            } else {
                if scalar == "\n" { line += 1 }
                close(&word)
            }
            offset += UTF8.width(scalar)
        }
        close(&word)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isASCII else { return scalar.properties.isAlphabetic }
        return scalar.value | 0x20 >= 0x61 && scalar.value | 0x20 <= 0x7A
    }

    private mutating func close(_ word: inout String.UnicodeScalarView) {
        guard !word.isEmpty else { return }
        words.append(String(word).lowercased())
        word.removeAll(keepingCapacity: true)
    }

    func find(_ phrase: ThreatPhrases.Phrase) -> (offset: Int, line: Int)? {
        words.indices.first { isFound(phrase, at: $0) }.map { places[$0] }
    }

    private func isFound(_ phrase: ThreatPhrases.Phrase, at start: Int) -> Bool {
        guard words.count - start >= phrase.words.count else { return false }
        for (index, part) in phrase.words.enumerated() {
            let word = words[start + index]
            let isMatch =
                switch phrase.reach {
                case .word: word == part
                case .beginning where index == phrase.words.count - 1: word.hasPrefix(part)
                case .beginning: word == part
                case .anywhere: word.contains(part)
                }
            guard isMatch else { return false }
        }
        return true
    }
}
