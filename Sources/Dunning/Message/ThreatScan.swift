/// Finds phrases that come too early, or should not be said at all, in the words of a template.
///
/// Announcing steps that are not about to be taken is a false threat (15 U.S.C. 1692e(5) for collectors; most countries
/// have a like rule); arrest for a debt is never lawful to announce.
enum ThreatScan {
    /// The stage from which a last warning may speak of what comes next.
    static let firstSternStage = 3

    private static let stern = [
        "legal action", "legal proceedings", "legal steps", "collection agency", "collections agency", "debt collector",
        "debt collectors", "court", "lawsuit", "sue", "attorney", "attorneys", "lawyer", "lawyers", "solicitor",
        "credit bureau",
        "credit score", "credit rating", "bailiff", "seizure", "garnish",
    ]
    private static let unlawful = [
        "arrest", "arrested", "jail", "prison", "police", "criminal", "prosecuted", "deport",
    ]

    static func problems(in source: String, as part: TemplatePart, stage: Int) -> [TemplateProblem] {
        let words = Words(source)
        var problems = [TemplateProblem]()
        for phrase in unlawful {
            guard let (offset, line) = words.find(phrase) else { continue }
            problems.append(
                .init(
                    part: part, severity: .warning, code: .unlawfulThreat, offset: offset, line: line, name: phrase,
                    message: "“\(phrase)” reads as a threat that nobody may make over a debt."))
        }
        guard stage < firstSternStage else { return problems }
        for phrase in stern {
            guard let (offset, line) = words.find(phrase) else { continue }
            problems.append(
                .init(
                    part: part, severity: .warning, code: .earlyThreat, offset: offset, line: line, name: phrase,
                    message: "“\(phrase)” is stern for stage \(stage); it belongs to the last reminder, if it is true.")
            )
        }
        return problems
    }
}

/// A source cut into lower-case ASCII words, so that phrases are found across line breaks and not within longer words.
private struct Words {
    private var words = [String]()
    private var places = [(offset: Int, line: Int)]()

    init(_ source: String) {
        var word = [UInt8]()
        var line = 1
        for (offset, byte) in source.utf8.enumerated() {
            let lower = byte | 0x20
            if lower >= UInt8(ascii: "a"), lower <= UInt8(ascii: "z") {
                if word.isEmpty { places.append((offset, line)) }
                word.append(lower)
                continue
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            close(&word)
        }
        close(&word)
    }

    private mutating func close(_ word: inout [UInt8]) {
        guard !word.isEmpty else { return }
        words.append(String(decoding: word, as: UTF8.self))
        word.removeAll(keepingCapacity: true)
    }

    func find(_ phrase: String) -> (offset: Int, line: Int)? {
        let parts = phrase.split(separator: " ").map(String.init)
        let starts = words.indices.filter { words[$0] == parts[0] }
        return starts.first { words[$0...].starts(with: parts) }.map { places[$0] }
    }
}
