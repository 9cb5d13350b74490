package import Configuration

/// Where the programs of this machine or container answer for their health, by the settings they read themselves.
package struct HealthPages: Sendable {
    /// One program and the address of its readiness.
    package struct Page: Sendable, Hashable {
        package let program: String
        package let url: String
    }

    /// Without a program whose port nobody can know: turned off, or any free one.
    package let pages: [Page]

    package init(reading config: ConfigReader) throws(SettingsError) {
        var reader = SettingsReader(config)
        var pages: [Page] = []
        for (program, host, port) in Self.programs {
            let host = reader.text(host, as: "an address to listen on", where: isListenable)
            let port = reader.int(port)
            guard port != 0 else { continue }
            pages.append(Page(program: program, url: "http://\(Self.asked(host)):\(port)/health/ready"))
        }
        try reader.check()
        self.pages = pages
    }

    private static let programs: [(String, host: Setting, port: Setting)] = [
        ("recoup-api", .apiHost, .apiPort), ("recoup-worker", .workerHealthHost, .workerHealthPort),
        ("recoup-metrics", .metricsHost, .metricsPort),
    ]

    /// Who listens at every address is asked at the loopback one.
    private static func asked(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::", "[::]": "[::1]"
        default: host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        }
    }
}
