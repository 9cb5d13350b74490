/// Settings that cannot be used, all of one group at once, each with what was given and what to give instead.
package struct SettingsError: Error, Sendable, Hashable {
    package struct Problem: Sendable, Hashable {
        package let key: String
        package let environment: String
        /// What was given; `nil` when nothing was, or when it is a secret.
        package let given: String?
        package let isMissing: Bool
        /// What would be accepted, as the end of a sentence: "a whole number from 0 to 65535".
        package let remedy: String
    }

    package let problems: [Problem]
}

extension SettingsError.Problem: CustomStringConvertible {
    package var description: String {
        if isMissing { return "\(environment) (\(key)) is missing: set it to \(remedy)" }
        guard let given else { return "\(environment) (\(key)) cannot be used: it must be \(remedy)" }
        return "\(environment) (\(key)) is \"\(given)\": it must be \(remedy)"
    }
}

extension SettingsError: CustomStringConvertible {
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
