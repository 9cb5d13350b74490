/// A few words that texts are searched for.
struct Phrase {
    enum Reach {
        case word
        /// The last word may be the beginning of a longer one.
        case beginning
        /// For languages that write no blanks.
        case anywhere
    }

    let text: String
    let words: [String]
    let reach: Reach

    /// The phrases of a list, in lower case and parted by commas. One that ends in `*` is found at the beginning of longer
    /// words too, for languages that inflect; Japanese writes no blanks, so its phrases are found anywhere.
    static func list(_ list: String, _ reach: Reach = .word) -> [Phrase] {
        list.split { $0 == "," || $0 == "\n" }.compactMap { entry in
            let words = entry.split(separator: " ").map(String.init)
            guard let last = words.last else { return nil }
            guard last.hasSuffix("*") else {
                return Phrase(text: words.joined(separator: " "), words: words, reach: reach)
            }
            let stems = words.dropLast() + [String(last.dropLast())]
            return Phrase(text: stems.joined(separator: " "), words: Array(stems), reach: .beginning)
        }
    }
}
