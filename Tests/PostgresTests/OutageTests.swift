import Foundation
import Postgres
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite(.database, .timeLimit(.minutes(5))) struct `A server that is down` {
    private let queries = "-- name: one() -> one integer\nselect 1 as one"

    @Test func `fails each transaction quickly and serves again when it is back`() async throws {
        let folder = try Folder()
        defer { folder.remove() }
        let real = try await TestDatabase.required().admin(
            "select trim(both '\"' from split_part(current_setting('unix_socket_directories'), ', ', 1)), current_setting('port')"
        )
        let directory = try #require(real.first?[0])
        let port = try #require(real.first?[1])
        let settings = DatabaseSettings(
            url: try folder.url(port: port), connections: 2, waitLimit: .seconds(30))
        try await withDatabase(settings, queries) { database in
            for _ in 0..<3 {
                let error = try await failure { try await database.write(as: .none) { try $0.run("one") } }
                #expect(error.kind == .connect)
                #expect(error.label == "connect")
            }
            let socket = "\(folder.path)/.s.PGSQL.\(port)"
            try FileManager.default.createSymbolicLink(
                atPath: socket, withDestinationPath: "\(directory)/.s.PGSQL.\(port)")
            #expect(try await Self.served(database) == 1)
        }
    }

    /// A connect that began before the server was back may still fail the next transaction; then comes the answer.
    private static func served(_ database: Database) async throws -> Int {
        for _ in 0..<100 {
            do {
                return try await database.write(as: .none) { try $0.row("one")("one") }
            } catch let error as PostgresError where error.kind == .connect {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        return 0
    }

    @Test func `that takes connections and never answers keeps nobody waiting for ever`() async throws {
        let folder = try Folder()
        defer { folder.remove() }
        let listener = try folder.listen(port: "5432")
        defer { close(listener) }
        let settings = DatabaseSettings(
            url: try folder.url(port: "5432"), connections: 1, waitLimit: .milliseconds(100),
            connectTimeout: .seconds(2))
        try await withDatabase(settings, queries) { database in
            let tasks = (0..<4).map { _ in
                Task { try await failure { try await database.write(as: .none) { try $0.run("one") } } }
            }
            var kinds: [PostgresError.Kind] = []
            for task in tasks { kinds.append(try await task.value.kind) }
            // The one thread is busy connecting for two seconds at least; the others were not kept for that.
            #expect(kinds.count { $0 == .busy } >= 3)
            #expect(kinds.allSatisfy { $0 == .busy || $0 == .connect })
        }
    }

    @Test func `refuses an unknown database as a failed connect`() async throws {
        let url = try TestDatabase.required().url.replacing(TestDatabase.required().name, with: "no_such_database")
        try await withDatabase(DatabaseSettings(url: url), queries) { database in
            let error = try await failure { try await database.write(as: .none) { try $0.run("one") } }
            #expect(error.kind == .connect)
            #expect(error.message.contains("no_such_database"))
        }
    }

    @Test(arguments: [
        "postgres:/u:geheim@h/d", "host=h password=geheim x", "geheim", "postgresql://u:geheim@h/d?nonsense=1",
    ])
    func `with a malformed URL does not repeat it`(url: String) async throws {
        try await withDatabase(DatabaseSettings(url: url, connections: 1), queries) { database in
            let error = try await failure { try await database.write(as: .none) { try $0.run("one") } }
            #expect(error.kind == .connect)
            #expect(!"\(error)".contains("geheim"))
        }
    }

    @Test func `or speaks of dates otherwise is refused`() async throws {
        let german = try await TestDatabase.create()
        try await german.admin("alter database \(german.name) set datestyle = 'German'")
        try await withDatabase(DatabaseSettings(url: german.url), queries) { database in
            let error = try await failure { try await database.write(as: .none) { try $0.run("one") } }
            #expect(error.kind == .connect)
        }
        try await german.drop()
    }

    @Test func `settings print without their secrets`() {
        let settings = DatabaseSettings(url: "postgresql://u:geheim@h/d", user: "api", password: "streng")
        #expect(!"\(settings)".contains("geheim"))
        #expect(!"\(settings)".contains("streng"))
        #expect("\(settings)".contains("api"))
    }
}

/// A short-named directory for sockets, whose paths may not be long.
private struct Folder {
    let path: String

    init() throws {
        path = "/tmp/recoup-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    func url(port: String) throws -> String {
        var parts = try #require(URLComponents(string: TestDatabase.required().url))
        var items = parts.queryItems ?? []
        items.removeAll { $0.name == "host" || $0.name == "port" }
        parts.queryItems = items + [URLQueryItem(name: "host", value: path), URLQueryItem(name: "port", value: port)]
        return try #require(parts.string)
    }

    /// A socket in the place of a server's, with a backlog that nobody works off.
    func listen(port: String) throws -> Int32 {
        #if canImport(Glibc)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { buffer in
            unsafe buffer.copyBytes(from: Array("\(path)/.s.PGSQL.\(port)".utf8))
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, size) }
        }
        try #require(bound == 0)
        #if canImport(Glibc)
        try #require(Glibc.listen(descriptor, 8) == 0)
        #else
        try #require(Darwin.listen(descriptor, 8) == 0)
        #endif
        return descriptor
    }
}
