import Foundation
import Glibc

/// A PostgreSQL of its own in a folder of its own, removed at the end.
final class ThrowawayServer {
    let folder: URL
    private let tools: URL
    private var server: Process?

    init(tools: String?, fsync: Bool) throws {
        self.tools = try Self.find(tools)
        folder = URL(filePath: "/tmp/recoup-bench-\(String(UInt64.random(in: 0 ... .max), radix: 36))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        if geteuid() == 0 {
            try FileManager.default.setAttributes([.ownerAccountName: "postgres"], ofItemAtPath: folder.path)
        }
        let data = folder.appending(path: "data").path
        try Self.run(
            command("initdb") + [
                "--pgdata=\(data)", "--username=recoup", "--auth=trust", "--encoding=UTF8",
                "--locale=C.UTF-8", "--no-instructions",
            ])
        let settings = [
            "listen_addresses=", "port=5432", "unix_socket_directories=\(folder.path)", "fsync=\(fsync ? "on" : "off")",
            "max_connections=60", "shared_buffers=512MB", "max_wal_size=4GB", "timezone=UTC",
        ]
        let process = try Self.start(
            command("postgres") + ["-D", data] + settings.flatMap { ["-c", $0] }, log: log("postgres"))
        server = process
        try Self.eventually("PostgreSQL takes connections") {
            (try? psql("select 1", database: "postgres")) != nil
        }
        try psql("create database recoup", database: "postgres")
    }

    var url: String { "postgresql://recoup@/recoup?host=\(folder.path)&port=5432" }

    func log(_ name: String) -> URL { folder.appending(path: "\(name).log") }

    /// Runs statements or a script; what they printed, unaligned.
    @discardableResult
    func psql(_ text: String, database: String = "recoup", as user: String = "recoup") throws -> String {
        let script = folder.appending(path: "script-\(UInt64.random(in: 0 ... .max)).sql")
        try Data(text.utf8).write(to: script)
        defer { try? FileManager.default.removeItem(at: script) }
        return try Self.run([
            tools.appending(path: "psql").path, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
            "--set=ON_ERROR_STOP=1", "--host=\(folder.path)", "--port=5432", "--username=\(user)",
            "--dbname=\(database)", "--file=\(script.path)",
        ])
    }

    func stop() {
        if let text = try? String(contentsOf: folder.appending(path: "data/postmaster.pid"), encoding: .utf8),
            let process = text.split(separator: "\n").first.flatMap({ Int32($0) })
        {
            kill(process, SIGQUIT)
        }
        server?.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    /// PostgreSQL refuses to run as root, and then runs as the user that Debian makes for it.
    private func command(_ tool: String) -> [String] {
        let path = tools.appending(path: tool).path
        return geteuid() == 0 ? ["runuser", "-u", "postgres", "--", path] : [path]
    }

    private static func find(_ given: String?) throws -> URL {
        if let given { return URL(filePath: given) }
        let root = URL(filePath: "/usr/lib/postgresql")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        guard let newest = versions.compactMap({ Int($0) }).max() else {
            throw Complaint("PostgreSQL's programs are not in \(root.path): say where with --pgbin")
        }
        return root.appending(path: "\(newest)/bin")
    }

    static func start(_ command: [String], environment: [String: String]? = nil, log: URL) throws -> Process {
        try Data().write(to: log)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.environment = environment ?? ProcessInfo.processInfo.environment
        let file = try FileHandle(forWritingTo: log)
        process.standardOutput = file
        process.standardError = file
        try process.run()
        return process
    }

    @discardableResult
    static func run(_ command: [String], environment: [String: String]? = nil) throws -> String {
        let log = URL(filePath: "/tmp/recoup-bench-out-\(UInt64.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: log) }
        let process = try start(command, environment: environment, log: log)
        process.waitUntilExit()
        let said = String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Complaint("\(command.first ?? ""): \(said.suffix(2_000))") }
        return said.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    static func eventually(_ what: String, within seconds: Int = 60, _ condition: () throws -> Bool) throws {
        for _ in 0..<seconds * 10 {
            if try condition() { return }
            Thread.sleep(forTimeInterval: 0.1)
        }
        throw Complaint("after \(seconds) s still not: \(what)")
    }
}
