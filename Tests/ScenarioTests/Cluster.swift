import Foundation
import Postgres
import Support
import Synchronization

/// A PostgreSQL server of its own, to be stopped and started at will. Committed means committed; the disk is not waited
/// for, since only the server dies here and never the machine.
final class Cluster: Sendable {
    let folder: URL
    private let server = Mutex<Program?>(nil)

    private init(folder: URL) { self.folder = folder }

    private static let tools = URL(
        filePath: ProcessInfo.processInfo.environment["RECOUP_TEST_PGBIN"] ?? "/usr/lib/postgresql/15/bin")
    /// PostgreSQL refuses to run as root, and then runs as this user.
    private static let user: String? =
        geteuid() == 0 ? ProcessInfo.processInfo.environment["RECOUP_TEST_PGUSER"] ?? "postgres" : nil

    private var data: String { folder.appending(path: "data").path }

    /// Makes one with an empty database `recoup`, lends it, and removes it whatever happens.
    static func with<R>(_ body: (Cluster) async throws -> R) async throws -> R {
        let cluster = Cluster(folder: try Tool.folder("pg"))
        let result: Result<R, any Error>
        do {
            if let user = Self.user {
                try FileManager.default.setAttributes([.ownerAccountName: user], ofItemAtPath: cluster.folder.path)
            }
            try await cluster.run(
                "initdb", "--pgdata=\(cluster.data)", "--username=recoup", "--auth=trust", "--encoding=UTF8",
                "--locale=C.UTF-8", "--no-sync", "--no-instructions")
            try await cluster.start()
            try await onOwnThread { [url = cluster.url(of: "postgres")] in
                var session = try AdminSession(url: url)
                try session.run("create database recoup")
            }
            result = .success(try await body(cluster))
        } catch {
            result = .failure(error)
        }
        try? await cluster.stop(.immediate)
        try? FileManager.default.removeItem(at: cluster.folder)
        return try result.get()
    }

    func url(of database: String = "recoup") -> String {
        "postgresql://recoup@/\(database)?host=\(folder.path)&port=5432"
    }

    func start() async throws {
        let settings = [
            "listen_addresses=", "port=5432", "unix_socket_directories=\(folder.path)", "fsync=off",
            "max_connections=100", "timezone=UTC",
        ]
        let command = Self.command("postgres", ["-D", data] + settings.flatMap { ["-c", $0] })
        let program = try Program(
            URL(filePath: "/usr/bin/env"), command, environment: Tool.environment,
            log: folder.appending(path: "server.log"))
        server.withLock { $0 = program }
        try await eventually("PostgreSQL takes connections") {
            guard program.isRunning else { throw Unhelpful("PostgreSQL ended: \(program.said)") }
            return (try? await onOwnThread { [url = url(of: "postgres")] in _ = try AdminSession(url: url) }) != nil
        }
    }

    /// Stops it as `pg_ctl stop` does.
    func stop(_ mode: Mode) async throws {
        guard let program = server.withLock({ $0.take() }) else { return }
        // The program started may be one that watches over the server.
        let text = try String(contentsOfFile: "\(data)/postmaster.pid", encoding: .utf8)
        guard let process = text.split(separator: "\n").first.flatMap({ Int32($0) }) else {
            throw Unhelpful("postmaster.pid names no process")
        }
        kill(process, mode == .fast ? SIGINT : SIGQUIT)
        _ = await program.end()
    }

    /// `fast` breaks connections off and says goodbye; `immediate` dies at once and recovers at the next start.
    enum Mode: String { case fast, immediate }

    /// Writes all of the database as SQL into a file.
    func dump(to file: URL) async throws {
        let said = try await Tool.run(
            Self.tools.appending(path: "pg_dump"), ["--dbname=\(url())", "--file=\(file.path)"], in: file.folder)
        guard said.status == 0 else { throw Unhelpful("pg_dump: \(said.text)") }
    }

    /// Makes the roles, which belong to no database, and fills the empty database.
    func restore(from file: URL, roles: [String]) async throws {
        try await onOwnThread { [url = url()] in
            var session = try AdminSession(url: url)
            for role in roles { try session.run("create role \(role) login") }
        }
        let said = try await Tool.run(
            Self.tools.appending(path: "psql"),
            ["--dbname=\(url())", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=\(file.path)"],
            in: file.folder)
        guard said.status == 0 else { throw Unhelpful("psql: \(said.text)") }
    }

    /// What `env` has to run.
    private static func command(_ tool: String, _ arguments: [String]) -> [String] {
        let command = [tools.appending(path: tool).path] + arguments
        return user.map { ["runuser", "-u", $0, "--"] + command } ?? command
    }

    private func run(_ tool: String, _ arguments: String...) async throws {
        let command = Self.command(tool, arguments)
        let said = try await Tool.run(
            URL(filePath: "/usr/bin/env"), command, in: FileManager.default.temporaryDirectory)
        guard said.status == 0 else { throw Unhelpful("\(tool): \(said.text)") }
    }
}

extension URL {
    fileprivate var folder: URL { deletingLastPathComponent() }
}
