import Configuration

/// Reads one group of settings and gathers everything wrong with it, so that an operator repairs a start in one go.
///
/// A value that is wrong reads as a harmless stand-in; `check()` must follow the last read and throws if there was any.
struct SettingsReader {
    private let config: ConfigReader
    private var problems: [SettingsError.Problem] = []

    init(_ config: ConfigReader) {
        self.config = config
    }

    func check() throws(SettingsError) {
        if !problems.isEmpty { throw SettingsError(problems: problems) }
    }

    /// A text that must be there, or have a default.
    mutating func text(_ setting: Setting, as remedy: String, where accept: (String) -> Bool = { _ in true }) -> String
    {
        guard let value = setting.given(in: config) ?? setting.initial else {
            refuse(setting, nil, remedy)
            return ""
        }
        if !accept(value) { refuse(setting, value, remedy) }
        return value
    }

    /// A secret that may be absent.
    func secret(_ setting: Setting) -> Secret? {
        setting.given(in: config).map(Secret.init)
    }

    /// A whole number within the bounds of the setting.
    mutating func int(_ setting: Setting) -> Int {
        guard let bounds = setting.bounds, let initial = setting.initial.flatMap({ Int($0) }) else {
            preconditionFailure("\(setting.key) is declared without bounds or default")
        }
        guard let text = setting.given(in: config) else { return initial }
        guard let value = Int(text), bounds.contains(value) else {
            refuse(setting, text, "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
            return initial
        }
        return value
    }

    /// One of a closed list of words.
    mutating func choice<T: RawRepresentable<String> & CaseIterable>(_ setting: Setting, of type: T.Type) -> T? {
        let words = T.allCases.map(\.rawValue)
        let word = text(setting, as: "one of \(words.joined(separator: ", "))", where: words.contains)
        return T(rawValue: word)
    }

    /// A comma-separated list, blanks around items allowed; nothing given is an empty list.
    mutating func list<T>(_ setting: Setting, as remedy: String, _ parse: (String) -> T?) -> [T] {
        guard let text = setting.given(in: config) else { return [] }
        let items = text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
        let values = items.compactMap(parse)
        if values.count != items.count { refuse(setting, text, remedy) }
        return values
    }

    mutating func refuse(_ setting: Setting, _ value: String?, _ remedy: String) {
        let shown = setting.isSecret ? nil : value.map { String($0.filter { !$0.isNewline }.prefix(80)) }
        problems.append(
            .init(
                key: setting.key, environment: setting.environment, given: shown, isMissing: value == nil,
                remedy: remedy))
    }
}
