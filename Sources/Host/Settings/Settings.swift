package import Configuration

/// Every setting of every program, in the order in which an operator meets them.
package enum Settings {
    package static let table: [Setting] =
        HostSettings.keys + DatabaseKeys.keys + SecretsSettings.keys + APISettings.keys + WorkerSettings.keys
        + MetricsSettings.keys

    /// One line of `recoup settings`.
    package struct Line: Sendable, Hashable {
        package let setting: Setting
        /// The value in force, secrets redacted.
        package let value: String
        package let isGiven: Bool
    }

    /// What is in force now, whether it is right or not; the groups check.
    package static func effective(reading config: ConfigReader) -> [Line] {
        table.map { Line(setting: $0, value: $0.shown(in: config), isGiven: $0.given(in: config) != nil) }
    }
}
