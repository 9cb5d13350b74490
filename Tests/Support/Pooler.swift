import Foundation

/// A pgbouncer before one database, as the product ships its settings (`docker/pgbouncer.ini`): transaction mode, so many
/// server connections for a login. Its clients show a password; a missing pgbouncer is a failure, never a skip.
package final class Pooler: Sendable {
    /// Whether every database of this run is reached through one.
    package static let isEverywhere = ProcessInfo.processInfo.environment["RECOUP_TEST_POOLER"] == "everywhere"

    /// Names no login; the pools put theirs in.
    package let url: String
    package let password: String
    private let folder: URL
    private let program: Program

    /// What a program needs besides the address.
    package var settings: [String: String] {
        let roles = TestDatabase.Role.allCases.filter { $0 != .owner }
        return Dictionary(
            uniqueKeysWithValues: roles.map { ("DATABASE_\($0.rawValue.uppercased())_PASSWORD", password) })
    }

    private init(url: String, password: String, folder: URL, program: Program) {
        self.url = url
        self.password = password
        self.folder = folder
        self.program = program
    }

    /// Starts one, lends it, and stops it whatever happens.
    package static func with<R>(before url: String, _ body: (Pooler) async throws -> R) async throws -> R {
        let pooler = try await start(before: url)
        let result: Result<R, any Error>
        do { result = .success(try await body(pooler)) } catch { result = .failure(error) }
        await pooler.stop()
        return try result.get()
    }

    /// - Parameter url: of the database, as a URI that names a socket's folder.
    static func start(before url: String) async throws -> Pooler {
        guard let executable = executables.first(where: FileManager.default.isExecutableFile) else {
            throw TestServer.Unusable("pgbouncer is not installed; scripts/test does it")
        }
        guard let parts = URLComponents(string: url), parts.path.count > 1,
            let host = parts.queryItems?.first(where: { $0.name == "host" })?.value
        else { throw TestServer.Unusable("not a URI with the folder of a socket: \(url)") }
        let port = parts.queryItems?.first { $0.name == "port" }?.value ?? "5432"
        let database = String(parts.path.dropFirst())
        let folder = try Tool.folder("pooler")
        let password = "secret-\(UInt64.random(in: 0 ... .max))"
        do {
            let roles = TestDatabase.Role.allCases.compactMap(\.login)
            let logins = roles.map { "\"\($0)\" \"\(password)\"\n" }.joined()
            try Data(logins.utf8).write(to: folder.appending(path: "userlist.txt"))
            let settings = try changed([
                "recoup": "host=\(host) port=\(port) dbname=\(database)", "listen_addr": "",
                "unix_socket_dir": folder.path, "auth_file": "\(folder.path)/userlist.txt",
            ]).replacing("\nrecoup = ", with: "\n\(database) = ")
            let file = folder.appending(path: "pgbouncer.ini")
            try Data(settings.utf8).write(to: file)
            let program = try await run(executable, file, in: folder)
            let url = "postgresql:///\(database)?host=\(folder.path)&port=6432"
            return Pooler(url: url, password: password, folder: folder, program: program)
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    package func stop() async {
        await program.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    /// The shipped settings with other values. Each is replaced where it stands: a second section `[pgbouncer]` would set all
    /// that the first says back to the defaults.
    private static func changed(_ values: [String: String]) throws -> String {
        var open = values
        let lines = try String(contentsOf: shipped, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let changed = lines.map { line in
            guard let end = line.firstRange(of: " ="),
                let value = open.removeValue(forKey: String(line[..<end.lowerBound]))
            else { return String(line) }
            return "\(line[..<end.lowerBound]) = \(value)"
        }
        guard open.isEmpty else { throw TestServer.Unusable("docker/pgbouncer.ini lacks \(open.keys.sorted())") }
        return changed.joined(separator: "\n")
    }

    private static let executables = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"]

    private static let shipped = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docker/pgbouncer.ini")

    /// As the server's user where this one is root, whom pgbouncer refuses.
    private static func run(_ executable: String, _ file: URL, in folder: URL) async throws -> Program {
        var command = [executable, file.path]
        if geteuid() == 0 {
            let user = ProcessInfo.processInfo.environment["RECOUP_TEST_PGUSER"] ?? "postgres"
            try FileManager.default.setAttributes([.ownerAccountName: user], ofItemAtPath: folder.path)
            let group = ["--reuid", user, "--regid", user, "--init-groups"]
            command = ["setpriv"] + group + command
        }
        let program = try Program(
            URL(filePath: "/usr/bin/env"), command, environment: Tool.environment,
            log: folder.appending(path: "pgbouncer.log"))
        do {
            // Its socket is there a moment before anybody listens at it.
            try await eventually("pgbouncer listens") {
                guard program.isRunning else { throw Unhelpful("pgbouncer ended: \(program.said)") }
                return program.said.contains("process up")
            }
        } catch {
            await program.stop()
            throw error
        }
        return program
    }
}
