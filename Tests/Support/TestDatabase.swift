import Foundation
import Logging
package import Postgres
import SQL
import Synchronization

/// A migrated database of its own, on the server that `RECOUP_TEST_DATABASE` names (a libpq URI of a superuser).
///
/// ```swift
/// let database = try await TestDatabase.create()
/// let tenant = try await TestTenant.make(in: database)
/// …
/// try await database.drop()
/// ```
/// Suites have the trait `.database` do that for them, and find theirs under ``current()``.
package final class TestDatabase: Sendable {
    /// The login roles of the product, and the superuser, whom row-level security does not bind.
    package enum Role: String, Sendable, CaseIterable {
        case api, worker, bulk, dispatch, metrics, owner

        /// What the server calls it; `nil` is the user of the URI.
        package var login: String? { self == .owner ? nil : "recoup_\(rawValue)" }
    }

    package let name: String
    /// Of the database itself, as the superuser.
    package let url: String
    /// What stands between the product's pools and the server, where something does.
    package let pooler: Pooler?
    private let hasSeat: Bool
    private let pools = Mutex<[Database]>([])
    private let shared = Mutex<[Role: Database]>([:])

    @TaskLocal static var running: TestDatabase?

    private init(name: String, url: String, pooler: Pooler?, hasSeat: Bool) {
        self.name = name
        self.url = url
        self.pooler = pooler
        self.hasSeat = hasSeat
    }

    /// The database of the running suite. Throws where the suite lacks the trait `.database`.
    package static func current() throws -> TestDatabase {
        guard let running else { throw TestServer.Unusable("this suite lacks the trait .database") }
        return running
    }

    /// Clones the template. Waits while as many databases are in use as the server has connections for; inside a suite that has
    /// one, a further one (a broken twin) is made at once.
    ///
    /// - Parameter pooled: whether the product reaches it through a pgbouncer only.
    package static func create(pooled: Bool = Pooler.isEverywhere) async throws -> TestDatabase {
        let hasSeat = running == nil
        if hasSeat { await Seats.shared.take() }
        do {
            let name = "recoup_test_\(String(UInt64.random(in: 0 ... .max), radix: 36))"
            let url = try TestServer.url(ofDatabase: name)
            try await TestTemplate.clone(as: name)
            let pooler = pooled ? try await Pooler.start(before: url) : nil
            return TestDatabase(name: name, url: url, pooler: pooler, hasSeat: hasSeat)
        } catch {
            if hasSeat { await Seats.shared.giveBack() }
            throw error
        }
    }

    /// Creates one, lends it, and drops it whatever happens.
    package static func with<R>(
        pooled: Bool = Pooler.isEverywhere, _ body: (TestDatabase) async throws -> R
    ) async throws -> R {
        let database = try await create(pooled: pooled)
        let result: Result<R, any Error>
        do { result = .success(try await body(database)) } catch { result = .failure(error) }
        try await database.drop()
        return try result.get()
    }

    /// Stops its pools and removes it, whoever is still connected.
    package func drop() async throws {
        for pool in pools.withLock({ $0 }) { await pool.stop() }
        await pooler?.stop()
        let result: Result<Void, any Error>
        do {
            let name = name
            try await TestServer.admin { admin in _ = try admin.run("drop database \(name) with (force)") }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        if hasSeat { await Seats.shared.giveBack() }
        try result.get()
    }

    /// The pool of a role that all of this database's tests share: four connections, opened when first needed.
    package func database(_ role: Role) throws -> Database {
        if let known = shared.withLock({ $0[role] }) { return known }
        let new = try pool(role, connections: 4)
        return shared.withLock { shared in
            let kept = shared[role] ?? new
            shared[role] = kept
            return kept
        }
    }

    /// A pool of its own, for a program or a race; ``drop()`` stops it if nobody did.
    package func pool(_ role: Role, connections: Int = 2) throws -> Database {
        let entrance = role == .owner ? nil : pooler
        let pool = Database(
            DatabaseSettings(
                url: entrance?.url ?? url, user: role.login, password: entrance?.password, connections: connections,
                waitLimit: .seconds(60),
                applicationName: "recoup-tests-\(role.rawValue)"),
            catalogue: try Catalogue(SQL.queries.map(\.text)), logger: TestServer.quiet)
        pools.withLock { $0.append(pool) }
        return pool
    }

    /// The same by the name of the role: `api`, `worker`, `bulk`, `dispatch`, `metrics`.
    package func pool(_ role: String, connections: Int = 2) throws -> Database {
        guard let role = Role(rawValue: role) else { throw TestServer.Unusable("there is no role \(role)") }
        return try pool(role, connections: connections)
    }

    /// Runs statements as the superuser; the rows of the last.
    @discardableResult
    package func admin(_ text: String) async throws -> [[String?]] { try await run(text, as: .owner) }

    /// Runs statements over a connection of a role; the rows of the last.
    @discardableResult
    package func run(_ text: String, as role: Role) async throws -> [[String?]] {
        try await onOwnThread {
            var session = try self.session(as: role)
            return try session.run(text)
        }
    }

    /// A connection of a role, opened as the product opens its own.
    package func session(as role: Role) throws -> AdminSession {
        let entrance = role == .owner ? nil : pooler
        return try AdminSession(url: entrance?.url ?? url, user: role.login, password: entrance?.password)
    }

    /// The one value of a statement's one row, run as the superuser.
    package func value(_ text: String) async throws -> String? {
        let rows = try await admin(text)
        guard rows.count == 1, rows[0].count == 1 else {
            throw TestServer.Unusable("one value was expected, there are \(rows.count) rows: \(text)")
        }
        return rows[0][0]
    }

    /// A count, or a sum.
    package func number(_ text: String) async throws -> Int {
        guard let number = Int(try await value(text) ?? "") else { throw TestServer.Unusable("no number: \(text)") }
        return number
    }
}
