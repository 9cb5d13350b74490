import Host
import Logging
import Operations
import Postgres
import SQL
import ServiceLifecycle

/// The pools of this program, each with the login of its role.
struct Pools: Service {
    let api: Database
    let bulk: Database
    let dispatch: Database

    /// Throws for SQL files that do not keep the form: a fault of this build, found at its first start.
    init(_ keys: DatabaseKeys, logger: Logger) throws {
        let catalogue = try Catalogue(SQL.queries.map(\.text))
        func pool(_ role: DatabaseRole) -> Database {
            Database(DatabaseSettings(keys, role), catalogue: catalogue, logger: logger)
        }
        api = pool(.api)
        bulk = pool(.bulk)
        dispatch = pool(.dispatch)
    }

    /// Stops after everything that uses them has.
    func run() async throws {
        try await gracefulShutdown()
        await api.stop()
        await bulk.stop()
        await dispatch.stop()
    }
}

extension DatabaseSettings {
    fileprivate init(_ keys: DatabaseKeys, _ role: DatabaseRole) {
        let pool = keys[role]
        self.init(
            url: keys.url.revealed, user: pool.user, password: pool.password?.revealed, connections: pool.connections,
            waitLimit: keys.waitLimit, applicationName: "recoup-api \(role.rawValue)",
            connectTimeout: keys.connectTimeout)
    }
}

extension World {
    init(_ setup: APISetup, _ pools: Pools) {
        self.init(
            database: pools.api, bulk: pools.bulk, dispatch: pools.dispatch, clock: Host.Clock(),
            health: Self.health(of: pools.api), secrets: SecretBox(key: setup.secrets.key.bytes),
            platformKey: setup.api.platformKey, sandboxes: setup.host.sandboxes, publicURL: setup.host.publicURL,
            description: APIDescription.text)
    }
}
