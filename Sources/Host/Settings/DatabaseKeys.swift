package import Configuration

/// A login of Recoup in PostgreSQL: each pool of connections has its own, with the least it needs.
package enum DatabaseRole: String, Sendable, Hashable, CaseIterable {
    case api, worker, bulk, dispatch, metrics

    /// The role's name in the server, made by `recoup migrate`.
    package var user: String { "recoup_\(rawValue)" }

    /// Connections of its pool in one process unless set.
    fileprivate var initialConnections: Int {
        switch self {
        case .api: 8
        case .worker: 6
        case .bulk, .metrics: 2
        case .dispatch: 1
        }
    }
}

/// Where the database is, and how each pool logs in.
///
/// - `database.url` (required, secret because it may hold a password): a libpq URI or keyword string. `recoup` uses it as it
///   is and needs the owner's login in it to migrate; the other programs put user and password of their role in its place.
/// - `database.<role>Password` (secret, default none) for api, worker, bulk, dispatch, metrics: `recoup migrate` gives it to
///   the role, the programs log in with it. None is right where the server trusts the connection.
/// - `database.<role>Connections` (1...64; api 8, worker 6, bulk 2, dispatch 1, metrics 2): size of that pool in one process.
/// - `database.waitLimit` (milliseconds, default 2000, 10...60000): how long a transaction may wait in line for a connection.
/// - `database.connectTimeout` (seconds, default 5, 2...60): how long one attempt to connect may take.
package struct DatabaseKeys: Sendable {
    /// One pool as the settings describe it.
    package struct Pool: Sendable {
        package let user: String
        package let password: Secret?
        package let connections: Int
    }

    package let url: Secret
    package let waitLimit: Duration
    package let connectTimeout: Duration
    private let pools: [DatabaseRole: Pool]

    package init(reading config: ConfigReader) throws(SettingsError) {
        var reader = SettingsReader(config)
        let remedy = "a URI such as postgresql://user@host/database, or keywords such as \"host=... dbname=...\""
        url = Secret(
            reader.text(.databaseURL, as: remedy) {
                $0.hasPrefix("postgresql://") || $0.hasPrefix("postgres://")
                    || (!$0.contains("://") && $0.contains("="))
            })
        waitLimit = .milliseconds(reader.int(.databaseWaitLimit))
        connectTimeout = .seconds(reader.int(.databaseConnectTimeout))
        var pools: [DatabaseRole: Pool] = [:]
        for role in DatabaseRole.allCases {
            let password = reader.secret(.databasePassword(role))
            pools[role] = Pool(user: role.user, password: password, connections: reader.int(.databaseConnections(role)))
        }
        self.pools = pools
        try reader.check()
    }

    package subscript(role: DatabaseRole) -> Pool {
        guard let pool = pools[role] else { preconditionFailure("every role is read in init") }
        return pool
    }

    static let keys: [Setting] =
        [.databaseURL] + DatabaseRole.allCases.map(Setting.databasePassword)
        + DatabaseRole.allCases.map(Setting.databaseConnections) + [.databaseWaitLimit, .databaseConnectTimeout]
}

extension Setting {
    static let databaseURL = Setting(
        "database.url", secret: true, "where PostgreSQL is: libpq URI or keywords; required")
    static let databaseWaitLimit = Setting(
        "database.waitLimit", initial: "2000", bounds: 10...60_000,
        "milliseconds a transaction may wait in line for a connection")
    static let databaseConnectTimeout = Setting(
        "database.connectTimeout", initial: "5", bounds: 2...60, "seconds one attempt to connect may take")

    static func databasePassword(_ role: DatabaseRole) -> Setting {
        Setting(
            "database.\(role.rawValue)Password", secret: true,
            "password of the login `\(role.user)`; none where trusted")
    }

    static func databaseConnections(_ role: DatabaseRole) -> Setting {
        Setting(
            "database.\(role.rawValue)Connections", initial: "\(role.initialConnections)", bounds: 1...64,
            "connections of `\(role.user)` in one process")
    }
}
