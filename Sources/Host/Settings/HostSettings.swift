package import Configuration
package import Logging

/// What every program of Recoup shares.
///
/// - `log.level` (default `info`): trace, debug, info, notice, warning, error or critical.
/// - `log.format` (default `text`): `text` for people, `json` for collectors; one event is one line either way.
/// - `environment.name` (default `local`): 1 to 40 of a-z, 0-9 and `-`. Part of the instance guard: a database that was
///   migrated under another name puts the system on hold.
/// - `sandbox.gateways` (default none): `host:port,host:port`. Only a gateway whose address stands here may be reached at a
///   loopback or private address or without TLS, and only with such gateways alone may the clock be shifted.
/// - `public.url` (default `http://127.0.0.1:8080`): how gateways and people reach the API, without a slash at its end.
/// - `stop.limit` (seconds, default 30, 1...300): how long a graceful stop may take before work is cancelled.
package struct HostSettings: Sendable {
    package let logLevel: Logger.Level
    package let logFormat: LogFormat
    package let environment: String
    package let sandboxes: Set<Endpoint>
    /// The same endpoints in the order given.
    package let sandboxList: [Endpoint]
    package let publicURL: String
    package let stopLimit: Duration

    package init(reading config: ConfigReader) throws(SettingsError) {
        var reader = SettingsReader(config)
        logLevel = reader.choice(.logLevel, of: Logger.Level.self) ?? .info
        logFormat = reader.choice(.logFormat, of: LogFormat.self) ?? .text
        environment = reader.text(.environmentName, as: "1 to 40 of a-z, 0-9 and -") { name in
            (1...40).contains(name.utf8.count)
                && name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        }
        sandboxList = reader.list(.sandboxGateways, as: "a list such as 127.0.0.1:2525,[::1]:2525") { Endpoint($0) }
        sandboxes = Set(sandboxList)
        publicURL = reader.text(.publicURL, as: "an address such as https://recoup.example") { url in
            url.wholeMatch(of: /https?:\/\/[A-Za-z0-9.\-\[\]:]+(\/[A-Za-z0-9._~\/\-]*[A-Za-z0-9._~\-])?/) != nil
                && url.utf8.count <= 500
        }
        stopLimit = .seconds(reader.int(.stopLimit))
        try reader.check()
    }

    static let keys: [Setting] = [.logLevel, .logFormat, .environmentName, .sandboxGateways, .publicURL, .stopLimit]
}

extension Setting {
    static let logLevel = Setting(
        "log.level", initial: "info", "least severe events logged: trace, debug, info, notice, warning, error, critical"
    )
    static let logFormat = Setting("log.format", initial: "text", "`text` for people or `json` for log collectors")
    static let environmentName = Setting(
        "environment.name", initial: "local",
        "name of this installation; the instance guard compares it with the database")
    static let sandboxGateways = Setting(
        "sandbox.gateways", "comma-separated host:port of pretend gateways; nothing else may be a sandbox")
    static let publicURL = Setting(
        "public.url", initial: "http://127.0.0.1:8080", "how gateways and people reach the API")
    static let stopLimit = Setting(
        "stop.limit", initial: "30", bounds: 1...300, "seconds a graceful stop may take before work is cancelled")
}
