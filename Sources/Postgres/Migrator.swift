import Foundation
package import Logging

/// Brings a database up to date: roles, migrations, functions.
///
/// Migrations run once each, in the order of their names, each in a transaction of its own. Functions are `create or
/// replace` texts that run again, all of them, whenever one has changed. Any number of migrators may start at once: one
/// works, the others wait and then find nothing to do.
package struct Migrator: Sendable {
    /// What was done.
    package struct Report: Sendable, Equatable {
        /// Migrations applied now.
        package var migrations: [String] = []
        /// Function files applied now.
        package var functions: [String] = []
        /// Roles made now.
        package var roles: [String] = []

        package init(migrations: [String] = [], functions: [String] = [], roles: [String] = []) {
            self.migrations = migrations
            self.functions = functions
            self.roles = roles
        }
    }

    private let url: String
    private let user: String?
    private let password: String?
    private let lockLimit: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - url: leads to the server itself, as the lock belongs to the session.
    ///   - lockLimit: how long to wait for another migrator.
    package init(
        url: String, user: String? = nil, password: String? = nil, lockLimit: Duration = .seconds(60), logger: Logger
    ) {
        self.url = url
        self.user = user
        self.password = password
        self.lockLimit = lockLimit
        self.logger = logger
    }

    /// Does what is missing. Blocks the calling thread, which must not be one of Swift's cooperative pool.
    ///
    /// Throws ``MigrationError``, or ``PostgresError`` when there is no connection.
    package func migrate(migrations: [SQLFile], functions: [SQLFile], roles: [RolePassword]) throws -> Report {
        let migrations = try ordered(migrations)
        let functions = try ordered(functions)
        var session = try AdminSession(url: url, user: user, password: password)
        try lock(&session)
        var report = Report()
        for role in roles where try named("role \(role.role)", { try session.ensure(role) }) {
            report.roles.append(role.role)
            logger.notice("role created", metadata: ["role": "\(role.role)"])
        }
        try session.prepareBookkeeping()
        report.migrations = try apply(migrations, on: &session)
        report.functions = try reapply(functions, on: &session)
        // Closing the session gives back the lock.
        return report
    }

    private func ordered(_ files: [SQLFile]) throws -> [SQLFile] {
        let files = files.sorted { $0.name < $1.name }
        if let twin = zip(files, files.dropFirst()).first(where: { $0.name == $1.name }) {
            throw MigrationError.duplicate(twin.0.name)
        }
        return files
    }

    /// Polls rather than waits, so that `lock_timeout` and `statement_timeout` of the role do not decide how long.
    private func lock(_ session: inout AdminSession) throws {
        let start = ContinuousClock.now
        while try session.run("select pg_try_advisory_lock(\(Self.lockKey))") != [["t"]] {
            guard start.duration(to: .now) < lockLimit else { throw MigrationError.locked(after: lockLimit) }
            Thread.sleep(forTimeInterval: 0.2)
        }
    }

    private func apply(_ migrations: [SQLFile], on session: inout AdminSession) throws -> [String] {
        let applied = try session.applied(.migration)
        let known = Dictionary(uniqueKeysWithValues: migrations.map { ($0.name, $0.checksum) })
        for (name, checksum) in applied.sorted(by: { $0.key < $1.key }) {
            guard let current = known[name] else { throw MigrationError.unknown(name) }
            guard current == checksum else { throw MigrationError.changed(name) }
        }
        let missing = migrations.filter { applied[$0.name] == nil }
        for file in missing {
            try named(file.name) {
                try session.transaction { session in
                    try session.run(file.text)
                    try session.requireTransaction()
                    try session.note(file, as: .migration)
                }
            }
            logger.notice("migration applied", metadata: ["name": "\(file.name)"])
        }
        return missing.map(\.name)
    }

    private func reapply(_ functions: [SQLFile], on session: inout AdminSession) throws -> [String] {
        let applied = try session.applied(.function)
        let current = Dictionary(uniqueKeysWithValues: functions.map { ($0.name, $0.checksum) })
        guard applied != current else { return [] }
        try session.transaction { session in
            try session.forgetFunctions()
            for file in functions {
                try named(file.name) {
                    try session.run(file.text)
                    try session.requireTransaction()
                    try session.note(file, as: .function)
                }
            }
        }
        logger.notice("functions applied", metadata: ["count": "\(functions.count)"])
        return functions.map(\.name)
    }

    /// Says which file or role an error of the server is about.
    private func named<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as PostgresError {
            throw MigrationError.failed(name, error)
        }
    }

    /// "recoup" and a 1; any constant that nobody else takes.
    private static let lockKey: Int64 = 0x7265_636F_7570_01
}

/// Why a database was not brought up to date; what was applied before stays applied.
package enum MigrationError: Error, Sendable, CustomStringConvertible {
    /// An applied migration has another text now. Migrations are immutable once applied.
    case changed(String)
    /// The database has a migration this program does not know: it belongs to a newer release.
    case unknown(String)
    /// Two files have the same name.
    case duplicate(String)
    /// Another migrator held the lock all the time.
    case locked(after: Duration)
    /// A file, or the making of a role, was refused by the server.
    case failed(String, PostgresError)

    package var description: String {
        switch self {
        case .changed(let name): "migration \(name) was applied with another text; add a new migration instead"
        case .unknown(let name): "the database has migration \(name), which this program does not know"
        case .duplicate(let name): "there are two files named \(name)"
        case .locked(let duration): "another migrator has been at work for \(duration)"
        case .failed(let name, let error): "\(name): \(error)"
        }
    }
}
