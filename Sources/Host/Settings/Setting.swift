package import Configuration

/// One thing an operator may set: its key, the environment variable that carries it, and what it means.
///
/// A variable that is set but blank counts as not set, so that `API_PORT=` in a compose file means the default.
package struct Setting: Sendable, Hashable {
    /// Lower-camel path, as in `database.apiConnections`.
    package let key: String
    /// What holds when nothing is given; `nil` when there is no such value.
    package let initial: String?
    /// One phrase for tables and error messages, units included.
    package let meaning: String
    package let isSecret: Bool
    /// For whole numbers: what is accepted.
    package let bounds: ClosedRange<Int>?

    init(
        _ key: String, initial: String? = nil, bounds: ClosedRange<Int>? = nil, secret: Bool = false, _ meaning: String
    ) {
        self.key = key
        self.initial = initial
        self.bounds = bounds
        self.isSecret = secret
        self.meaning = meaning
    }

    /// The name in the environment: `database.apiConnections` is `DATABASE_API_CONNECTIONS`.
    package var environment: String {
        var name = ""
        var previous: Character = "."
        for character in key {
            if previous.isLowercase, character.isUppercase { name += "_" }
            name += character == "." ? "_" : character.uppercased()
            previous = character
        }
        return name
    }

    /// The text given for this setting, trimmed, or `nil` when there is none.
    package func given(in config: ConfigReader) -> String? {
        let key = ConfigKey(key)
        // A file may hold a bare number or a list where the environment only has text. A value of the wrong type reads as
        // absent in the library, and a wrong port must not silently become the default one.
        let text =
            config.string(forKey: key, isSecret: isSecret)
            ?? config.int(forKey: key, isSecret: isSecret).map(String.init)
            ?? config.stringArray(forKey: key, isSecret: isSecret)?.joined(separator: ",")
        guard let trimmed = text?.trimmed, !trimmed.isEmpty else { return nil }
        return trimmed
    }

    /// What is in force, fit for a terminal: the given value or the default; a secret only as `[secret]`, nothing as `-`.
    package func shown(in config: ConfigReader) -> String {
        guard let value = given(in: config) else { return initial ?? "-" }
        return isSecret ? Secret(value).description : value
    }
}

extension String {
    fileprivate var trimmed: String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace || $0.isNewline }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(self[first...last])
    }
}
