package import Configuration

/// `recoup-metrics`: where Prometheus finds it.
///
/// - `metrics.host` (default `127.0.0.1`): the address it binds.
/// - `metrics.port` (default 9464, 0...65535): 0 takes any free port, told in the log.
/// - `metrics.token` (optional, secret): 24 or more printable ASCII characters without blanks; a reader has to show it, and sees
///   the numbers of every tenant. Without one they are left out.
package struct MetricsSettings: Sendable {
    package let host: String
    package let port: Int
    package let token: Secret?

    package init(reading config: ConfigReader) throws(SettingsError) {
        var reader = SettingsReader(config)
        host = reader.text(.metricsHost, as: "an address to listen on", where: isListenable)
        port = reader.int(.metricsPort)
        token = reader.secret(.metricsToken).map { _ in Secret(reader.text(.metricsToken, as: keyForm, where: isKey)) }
        try reader.check()
    }

    static let keys: [Setting] = [.metricsHost, .metricsPort, .metricsToken]
}

extension Setting {
    static let metricsHost = Setting("metrics.host", initial: "127.0.0.1", "address of the operators' metrics page")
    static let metricsPort = Setting(
        "metrics.port", initial: "9464", bounds: 0...65535, "port of the operators' metrics page; 0 takes any free one")
    static let metricsToken = Setting(
        "metrics.token", secret: true,
        "bearer token for the metrics page; only with one it shows the numbers of every tenant")
}
