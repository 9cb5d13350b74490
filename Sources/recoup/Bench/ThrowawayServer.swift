import Foundation
import Glibc
import SQL

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
            (try? Self.run([self.tools.appending(path: "pg_isready").path, "--quiet"] + address)) != nil
        }
        try Self.run([self.tools.appending(path: "createdb").path, "--username=recoup"] + address + ["recoup"])
    }

    private var address: [String] { ["--host=\(folder.path)", "--port=5432"] }

    var url: String { "postgresql://recoup@/recoup?host=\(folder.path)&port=5432" }

    func log(_ name: String) -> URL { folder.appending(path: "\(name).log") }

    /// Runs a script of `sql/bench`, with `variables` in it and `input` as its standard input; what it printed, unaligned,
    /// or nothing when that went to `output`.
    @discardableResult
    func psql(
        _ script: String, _ variables: [String: String] = [:], input: URL? = nil, output: URL? = nil,
        as user: String = "recoup"
    ) throws -> String {
        try Self.run(try psqlCommand(script, variables, as: user), input: input, output: output)
    }

    /// The same, running beside us until it ends or is terminated.
    func startPsql(_ script: String) throws -> Process {
        try Self.start(try psqlCommand(script, [:], as: "recoup"), log: log(script))
    }

    /// Jobs of a kind, queued or running.
    func jobsLeft(_ kind: String) throws -> Int { Int(try psql("jobs_left", ["kind": kind])) ?? .max }

    private func psqlCommand(
        _ script: String, _ variables: [String: String], as user: String
    ) throws -> [String] {
        [
            tools.appending(path: "psql").path, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
            "--set=ON_ERROR_STOP=1", "--username=\(user)", "--dbname=recoup", "--file=\(try write(script).path)",
        ] + address + variables.map { "--set=\($0.key)=\($0.value)" }
    }

    /// Transactions a second of a script of `sql/bench`, prepared.
    func pgbench(_ script: String, clients: Int, seconds: Int) throws -> Double {
        let said = try Self.run(
            [
                tools.appending(path: "pgbench").path, "--no-vacuum", "--protocol=prepared", "--username=recoup",
                "--file=\(try write(script).path)", "--client=\(clients)", "--jobs=1", "--time=\(seconds)",
            ] + address + ["recoup"])
        guard let rate = said.firstMatch(of: /tps = ([0-9.]+)/).flatMap({ Double($0.1) }) else {
            throw Complaint("pgbench: \(said.suffix(2_000))")
        }
        return rate
    }

    /// Lays the product's tables.
    func migrate(_ environment: [String: String] = [:]) throws {
        let program = Bundle.main.bundleURL.appending(path: "recoup").path
        try Self.run(
            [program, "migrate"],
            environment: ProcessInfo.processInfo.environment.merging(
                ["DATABASE_URL": url, "ENVIRONMENT_NAME": "bench"].merging(environment) { $1 }
            ) { $1 })
    }

    private func write(_ script: String) throws -> URL {
        guard let text = SQL.bench.first(where: { $0.name == script })?.text else {
            throw Complaint("there is no script \(script)")
        }
        let file = folder.appending(path: "\(script).sql")
        try Data(text.utf8).write(to: file)
        return file
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

    static func start(
        _ command: [String], environment: [String: String]? = nil, input: URL? = nil, log: URL
    ) throws -> Process {
        try Data().write(to: log)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.environment = environment ?? ProcessInfo.processInfo.environment
        let file = try FileHandle(forWritingTo: log)
        if let input { process.standardInput = try FileHandle(forReadingFrom: input) }
        process.standardOutput = file
        process.standardError = file
        try withoutBlockedSignals { try process.run() }
        return process
    }

    /// What is started inherits which signals are blocked, and on a thread of Swift's pool all are: pgbench would wait for
    /// its alarm, and a mail server for its end, for ever.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    @discardableResult
    static func run(
        _ command: [String], environment: [String: String]? = nil, input: URL? = nil, output: URL? = nil
    ) throws -> String {
        let log = output ?? URL(filePath: "/tmp/recoup-bench-out-\(UInt64.random(in: 0 ... .max))")
        defer { if output == nil { try? FileManager.default.removeItem(at: log) } }
        let process = try start(command, environment: environment, input: input, log: log)
        process.waitUntilExit()
        if output != nil, process.terminationStatus == 0 { return "" }
        let said = String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Complaint("\(command.first ?? ""): \(said.suffix(2_000))") }
        return said.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// - Parameter pause: seconds between two looks, which take of what is measured.
    static func eventually(
        _ what: String, within seconds: Int = 60, every pause: Double = 0.1, _ condition: () throws -> Bool
    ) throws {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if try condition() { return }
            Thread.sleep(forTimeInterval: pause)
        }
        throw Complaint("after \(seconds) s still not: \(what)")
    }
}
