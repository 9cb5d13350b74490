/// SQL cut into words, as far as the lint needs it: comments gone, texts reduced to `''`, names with their dots in one piece.
indirect enum SQLText {
    case word(String)
    case group([SQLText])

    static func parse(_ text: String) -> [SQLText] {
        var words = tokens(of: text)[...]
        return nodes(&words)
    }

    var word: String? {
        if case .word(let word) = self { word } else { nil }
    }

    private static func nodes(_ words: inout ArraySlice<String>) -> [SQLText] {
        var found: [SQLText] = []
        while let word = words.popFirst() {
            if word == ")" { return found }
            found.append(word == "(" ? .group(nodes(&words)) : .word(word))
        }
        return found
    }

    static func tokens(of text: String) -> [String] {
        var found: [String] = []
        var rest = Substring(text)
        while let next = rest.first {
            if rest.hasPrefix("--") {
                rest = rest.drop { $0 != "\n" }
            } else if next.isWhitespace {
                rest.removeFirst()
            } else if next == "'" {
                rest.removeFirst()
                while let end = rest.firstIndex(of: "'") {
                    rest = rest[rest.index(after: end)...]
                    guard rest.first == "'" else { break }
                    rest.removeFirst()
                }
                found.append("''")
            } else if isNamePart(next) {
                let name = rest.prefix(while: isNamePart)
                rest = rest[name.endIndex...]
                found.append(String(name))
            } else {
                rest.removeFirst()
                found.append(String(next))
            }
        }
        return found
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "." || character == "$"
    }
}

/// One select, insert, update or delete with its own tables and conditions; sub-selects are others.
struct SQLScope {
    /// Boolean brackets and arguments are opened; sub-selects are left out.
    let words: [String]

    /// All scopes of a statement, inner ones too; each arm of a union is one.
    static func all(in nodes: [SQLText]) -> [SQLScope] {
        var inner: [SQLScope] = []
        let words = flatten(nodes, &inner)
        let arms = words.split { ["union", "intersect", "except"].contains($0) }.map { SQLScope(words: Array($0)) }
        return arms + inner
    }

    private static let openings: Set<String> = ["select", "insert", "update", "delete", "with"]

    private static func flatten(_ nodes: [SQLText], _ inner: inout [SQLScope]) -> [String] {
        var words: [String] = []
        for node in nodes {
            switch node {
            case .word(let word): words.append(word)
            case .group(let nodes):
                if let first = nodes.first?.word, openings.contains(first) {
                    inner += all(in: nodes)
                    words.append("(subselect)")
                } else {
                    words.append("(")
                    words += flatten(nodes, &inner)
                    words.append(")")
                }
            }
        }
        return words
    }

    struct Reference: Hashable {
        let table: String
        let alias: String?
        let isTarget: Bool
    }

    /// The tables it names, out of those there are.
    func references(to tables: Set<String>) -> [Reference] {
        var found: [Reference] = []
        for (index, word) in words.enumerated() where tables.contains(word) && index > 0 {
            let isTarget = words[index - 1] == "into"
            // A word of this name elsewhere is a column or an alias.
            guard ["from", "join", "update", "using", "into", "lateral", ","].contains(words[index - 1]) else {
                continue
            }
            if words[index - 1] == ",", !isInFrom(index) { continue }
            var next = index + 1
            if next < words.count, words[next] == "as" { next += 1 }
            let alias = next < words.count && Self.isAlias(words[next]) ? words[next] : nil
            found.append(Reference(table: word, alias: isTarget ? nil : alias, isTarget: isTarget))
        }
        return found
    }

    /// Whether the comma before stands between tables, not between columns or arguments.
    private func isInFrom(_ index: Int) -> Bool {
        let depth = words[..<index].reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
        guard depth == 0 else { return false }
        let marks: Set<String> = [
            "select", "from", "where", "set", "order", "group", "returning", "values", "into", "update",
        ]
        return words[..<index].last { marks.contains($0) } == "from"
    }

    private static let notAliases: Set<String> = [
        "where", "set", "join", "left", "right", "full", "inner", "cross", "on", "order", "group", "limit", "for",
        "using",
        "union", "having", "returning", "values", "select",
    ]

    private static func isAlias(_ word: String) -> Bool {
        word.first?.isLetter == true && !notAliases.contains(word) && !word.contains(".")
    }

    /// Whether `condition` stands here, word for word.
    func contains(_ condition: [String]) -> Bool {
        guard words.count >= condition.count else { return false }
        return (0...words.count - condition.count).contains { Array(words[$0..<$0 + condition.count]) == condition }
    }
}
