import Configuration
import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import SQL
import Store

/// What a command works with: settings, and a pool of connections for each role it needs.
///
/// Pools are opened when they are first asked for. A command runs on one task, so there is nothing to guard.
final class Desk {
    let host: HostSettings
    let keys: DatabaseKeys
    private let config: ConfigReader
    private let catalogue: Catalogue
    private let logger: Logger
    private var pools: [DatabaseRole: Database] = [:]

    init(reading config: ConfigReader) throws {
        self.config = config
        host = try HostSettings(reading: config)
        keys = try DatabaseKeys(reading: config)
        catalogue = try Catalogue(SQL.queries.map(\.text))
        // Commands tell their user what happened; the log is for what nobody asked about.
        let level = max(host.logLevel, .warning)
        let format = host.logFormat
        logger = Logger(label: "recoup") { _ in LogWriter(program: "recoup", level: level, format: format) }
    }

    /// The pool of a role, as small as a command needs it.
    func database(_ role: DatabaseRole) -> Database {
        if let open = pools[role] { return open }
        let pool = keys[role]
        let database = Database(
            DatabaseSettings(
                url: keys.url.revealed, user: pool.user, password: pool.password?.revealed, connections: 1,
                waitLimit: .seconds(600), applicationName: "recoup", connectTimeout: keys.connectTimeout),
            catalogue: catalogue, logger: logger)
        pools[role] = database
        return database
    }

    /// A connection with the login of the database's address itself: the owner, for `migrate`.
    func withOwner<R: Sendable>(
        _ body: @escaping @Sendable (inout Transaction) throws -> R
    ) async throws -> R {
        let database = Database(
            DatabaseSettings(
                url: keys.url.revealed, connections: 1, applicationName: "recoup", connectTimeout: keys.connectTimeout),
            catalogue: catalogue, logger: logger)
        do {
            let result = try await database.write(as: .none, body)
            await database.stop()
            return result
        } catch {
            await database.stop()
            throw error
        }
    }

    func migrator() -> Migrator {
        Migrator(url: keys.url.revealed, logger: logger)
    }

    func secrets() throws -> SecretBox {
        SecretBox(key: try SecretsSettings(reading: config).key.bytes)
    }

    /// The instant the product's clock shows; asked of the database each time, since `demo` moves it.
    func now() async throws -> Instant {
        Instant(microseconds: Clock.system() + (try await InstanceClock.offset(database(.dispatch))))
    }

    func context(_ tenant: ID<Tenant>) async throws -> Context {
        Context(tenant: tenant, actor: "cli", now: try await now())
    }

    /// The tenant named by id or name, or the only one.
    func tenant(_ wanted: String?) async throws -> TenantRecord {
        let tenants = try await everyTenant()
        let found =
            wanted.map { wanted in tenants.filter { $0.id.description == wanted || $0.name == wanted } } ?? tenants
        if found.count == 1 { return found[0] }
        guard let wanted else {
            throw Complaint(
                tenants.isEmpty
                    ? "there is no tenant yet: make one with `recoup tenant create NAME`"
                    : "there are \(tenants.count) tenants: say which with --tenant (`recoup tenant list` shows them)")
        }
        throw Complaint(
            found.isEmpty
                ? "there is no tenant \(wanted) (`recoup tenant list` shows them)"
                : "\(found.count) tenants are called \(wanted): name it by its id")
    }

    func everyTenant() async throws -> [TenantRecord] {
        let dispatch = database(.dispatch)
        var tenants: [TenantRecord] = []
        while true {
            let page = Page<Tenant>(before: tenants.last?.id, count: 500)
            let more = try await dispatch.read(as: .none) { tx in try tx.everyTenant(page) }
            tenants += more
            if more.count < page.count { return tenants }
        }
    }

    func close() async {
        for pool in pools.values { await pool.stop() }
        pools = [:]
    }
}

extension Scope {
    static func tenant(_ id: ID<Tenant>) -> Scope { .tenant(id.uuid) }
}
