import Foundation
import Logging
import Postgres
import Testing

/// A database of its own on the server that `RECOUP_TEST_DATABASE` names (a libpq URI of a superuser).
struct TestDatabase: Sendable {
    let name: String
    let url: String

    @TaskLocal static var current: TestDatabase?

    /// The database of the running suite. No server is a failure, not a skip.
    static func required() throws -> TestDatabase {
        try #require(current, "the suite lacks the trait .database")
    }

    static func create() async throws -> TestDatabase {
        let server = try serverURL()
        let name = "postgres_tests_\(UInt32.random(in: 0 ... .max))"
        var parts = try #require(URLComponents(string: server))
        parts.path = "/\(name)"
        let database = TestDatabase(name: name, url: try #require(parts.string))
        try await onOwnThread {
            var admin = try AdminSession(url: server)
            try admin.run("create database \(name)")
        }
        return database
    }

    func drop() async throws {
        let server = try Self.serverURL()
        try await onOwnThread { [name] in
            var admin = try AdminSession(url: server)
            try admin.run("drop database \(name) with (force)")
        }
    }

    /// Runs statements as the superuser.
    @discardableResult
    func admin(_ text: String) async throws -> [[String?]] {
        try await onOwnThread { [url] in
            var admin = try AdminSession(url: url)
            return try admin.run(text)
        }
    }

    static func serverURL() throws -> String {
        let url = ProcessInfo.processInfo.environment["RECOUP_TEST_DATABASE"]
        return try #require(url, "RECOUP_TEST_DATABASE must name a PostgreSQL server")
    }
}

/// Gives a suite a database of its own, with the two functions of `sec` that the product has.
struct DatabaseTrait: SuiteTrait, TestScoping {
    @concurrent func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let database = try await TestDatabase.create()
        do {
            try await database.admin(tenantContext)
            try await TestDatabase.$current.withValue(database) { try await function() }
        } catch {
            try await database.drop()
            throw error
        }
        try await database.drop()
    }
}

extension Trait where Self == DatabaseTrait {
    static var database: Self { DatabaseTrait() }
}

private let tenantContext = """
    create schema sec;
    create function sec.enter(t uuid) returns void language plpgsql as $$
    begin execute format('set local app.tenant_id = %L', t); end $$;
    create function sec.tenant() returns uuid language sql stable as $$
        select nullif(current_setting('app.tenant_id', true), '')::uuid
    $$;
    """

/// Opens a ``Database`` on the suite's database, lends it, and stops it.
func withDatabase<R>(
    _ queries: String, connections: Int = 1, waitLimit: Duration = .seconds(30), lineLimit: Int = 1024,
    _ body: (Database) async throws -> R
) async throws -> R {
    let settings = DatabaseSettings(
        url: try TestDatabase.required().url, connections: connections, waitLimit: waitLimit, lineLimit: lineLimit,
        applicationName: "recoup-tests")
    return try await withDatabase(settings, queries, body)
}

func withDatabase<R>(
    _ settings: DatabaseSettings, _ queries: String, _ body: (Database) async throws -> R
) async throws -> R {
    let database = Database(settings, catalogue: try Catalogue([queries]), logger: quiet)
    do {
        let result = try await body(database)
        await database.stop()
        return result
    } catch {
        await database.stop()
        throw error
    }
}

let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

/// Runs blocking work where it blocks nobody.
func onOwnThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { answer in
        Thread { answer.resume(with: Result(catching: body)) }.start()
    }
}

/// The ``PostgresError`` an operation ends in.
func failure<R>(
    of operation: () async throws -> R, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> PostgresError {
    try #require(
        await #expect(throws: PostgresError.self, sourceLocation: sourceLocation) { _ = try await operation() },
        sourceLocation: sourceLocation)
}

/// Waits until `condition` holds; gives up after a minute.
func eventually(
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<6000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("what was waited for did not happen", sourceLocation: sourceLocation)
}
