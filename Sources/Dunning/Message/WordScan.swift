/// A source cut into lower-case words, so that phrases are found across line breaks and not within longer words.
struct WordScan {
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

    /// Where `phrase` begins first: bytes from the start, and the line counted from 1.
    func find(_ phrase: Phrase) -> (offset: Int, line: Int)? {
        words.indices.first { isFound(phrase, at: $0) }.map { places[$0] }
    }

    /// Takes the words of `phrase` out, wherever they stand.
    mutating func forget(_ phrase: Phrase) {
        var index = words.startIndex
        while index < words.endIndex {
            guard isFound(phrase, at: index) else {
                index += 1
                continue
            }
            for place in index..<index + phrase.words.count { words[place] = "" }
            index += phrase.words.count
        }
    }

    private func isFound(_ phrase: Phrase, at start: Int) -> Bool {
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
