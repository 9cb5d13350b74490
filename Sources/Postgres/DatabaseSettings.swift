/// Where a ``Database`` connects, and how much it does at a time.
///
/// Plain values; the programs read them from their configuration.
package struct DatabaseSettings: Sendable, CustomStringConvertible {
    /// A libpq URI or connection string; `sslmode` and the like stand here. May hold a password, so it is a secret.
    package var url: String
    /// Overrides the URL's user.
    package var user: String?
    /// Overrides the URL's password. A secret.
    package var password: String?
    /// Threads, each with a connection of its own.
    package var connections: Int
    /// How long a transaction may stand in line before it fails as `busy`.
    package var waitLimit: Duration
    /// How many transactions may stand in line; one more fails as `busy` at once.
    package var lineLimit: Int
    /// What `pg_stat_activity` calls us.
    package var applicationName: String
    /// For each address of the URL; libpq counts whole seconds and no fewer than two.
    package var connectTimeout: Duration

    /// The defaults suit a small pool of a program that has several.
    package init(
        url: String, user: String? = nil, password: String? = nil, connections: Int = 4,
        waitLimit: Duration = .seconds(2), lineLimit: Int = 1024, applicationName: String = "recoup",
        connectTimeout: Duration = .seconds(5)
    ) {
        self.url = url
        self.user = user
        self.password = password
        self.connections = connections
        self.waitLimit = waitLimit
        self.lineLimit = lineLimit
        self.applicationName = applicationName
        self.connectTimeout = connectTimeout
    }

    /// Without the secrets.
    package var description: String {
        "\(applicationName): \(connections) connections as \(user ?? "the URL's user"), waiting \(waitLimit) at most"
    }

    var target: ConnectionTarget {
        ConnectionTarget(
            url: url, user: user, password: password, applicationName: applicationName, connectTimeout: connectTimeout)
    }
}
