import Foundation
import Postgres
import Support
import Synchronization

/// Recoup as it is installed: its own programs as processes, around one database and one pretend relay.
final class World: Sendable {
    struct Ports: Sendable {
        let smtp: Int
        let http: Int
        let api: Int
        let worker: Int

        init() throws {
            let free = try FreePort.take(4)
            (smtp, http, api, worker) = (free[0], free[1], free[2], free[3])
        }
    }

    static let platformKey = "platform-key-of-the-scenarios"
    static let secretsKey = [UInt8](repeating: 7, count: 32)

    /// Of the database's superuser.
    let url: String
    let pooler: Pooler?
    let ports: Ports
    let folder: URL
    private let environment: [String: String]
    private let programs = Mutex<[String: Program]>([:])

    private init(url: String, pooler: Pooler?, name: String, ports: Ports) throws {
        self.url = url
        self.pooler = pooler
        self.ports = ports
        folder = try Tool.folder("world")
        environment = Tool.environment.merging([
            "DATABASE_URL": pooler?.url ?? url, "ENVIRONMENT_NAME": name,
            "SECRETS_KEY": Data(Self.secretsKey).base64EncodedString(), "PLATFORM_KEY": Self.platformKey,
            "SANDBOX_GATEWAYS": "127.0.0.1:\(ports.smtp),127.0.0.1:\(ports.http)",
            "PUBLIC_URL": "http://127.0.0.1:\(ports.api)",
            "SANDBOX_SMTP_PORT": "\(ports.smtp)", "SANDBOX_HTTP_PORT": "\(ports.http)", "API_PORT": "\(ports.api)",
            "WORKER_HEALTH_PORT": "\(ports.worker)", "LOG_LEVEL": "info",
        ]) { $1 }.merging(pooler?.settings ?? [:]) { $1 }
    }

    /// One in a database of the shared test server.
    ///
    /// - Parameter pooled: whether its programs reach the database through a pgbouncer only; but `migrate`, which cannot.
    static func lend<R>(
        pooled: Bool = Pooler.isEverywhere, _ body: (World) async throws -> R
    ) async throws -> R {
        try await TestDatabase.with(pooled: pooled) { database in
            try await lend(database.url, database.pooler, name: "test", body: body)
        }
    }

    /// One in the database of a cluster of its own.
    static func lend<R>(
        on cluster: Cluster, ports: Ports? = nil, pooled: Bool = Pooler.isEverywhere,
        _ body: (World) async throws -> R
    ) async throws -> R {
        func lend(_ pooler: Pooler?) async throws -> R {
            try await Self.lend(cluster.url(), pooler, name: "scenario", ports: ports) { world in
                try await world.recoup("migrate")
                return try await body(world)
            }
        }
        return pooled ? try await Pooler.with(before: cluster.url(), lend) : try await lend(nil)
    }

    /// Kills its programs at the end whatever happens; when something did, shows what they said last.
    private static func lend<R>(
        _ url: String, _ pooler: Pooler?, name: String, ports: Ports? = nil, body: (World) async throws -> R
    ) async throws -> R {
        let world = try World(url: url, pooler: pooler, name: name, ports: try ports ?? Ports())
        let result: Result<R, any Error>
        do { result = .success(try await body(world)) } catch { result = .failure(error) }
        let programs = world.programs.withLock { Array($0.values) }
        if case .failure = result {
            for program in programs {
                let last = program.said.split(separator: "\n").suffix(12).joined(separator: "\n")
                print("\(program.name) said last:\n\(last)")
            }
        }
        for program in programs { await program.stop() }
        try? FileManager.default.removeItem(at: world.folder)
        return try result.get()
    }

    /// Straight to the server and through a pgbouncer, where a test takes both.
    static let roads = Pooler.isEverywhere ? [true] : [false, true]

    // MARK: Programs

    /// Starts `sandbox`, `api` or `worker`; the first two are waited for.
    func start(_ names: String...) async throws {
        for name in names {
            let program = try startProgram(name, as: name)
            let address: String? =
                switch name {
                case "sandbox": "/health"
                case "api": "/health/ready"
                default: nil
                }
            guard let address else { continue }
            let web = Web(port: name == "api" ? ports.api : ports.http)
            try await eventually("\(name) answers") {
                guard program.isRunning else { throw Unhelpful("\(name) ended: \(program.said)") }
                return (try? await web.ask("GET", address).status) == 200
            }
        }
    }

    @discardableResult
    func startProgram(_ kind: String, as name: String, _ settings: [String: String] = [:]) throws -> Program {
        let program = try Program(
            Tool.binaries.appending(path: "recoup-\(kind)"), environment: environment.merging(settings) { $1 },
            log: folder.appending(path: "\(name).log"))
        programs.withLock { $0[name] = program }
        return program
    }

    func program(_ name: String) throws -> Program {
        guard let program = programs.withLock({ $0[name] }) else { throw Unhelpful("\(name) does not run") }
        return program
    }

    func forget(_ name: String) { programs.withLock { _ = $0.removeValue(forKey: name) } }

    func kill(_ name: String) async { await programs.withLock { $0.removeValue(forKey: name) }?.stop() }

    /// Runs the command line; throws unless it ends with `status`.
    @discardableResult
    func recoup(_ arguments: String..., endsWith status: Int32 = 0) async throws -> String {
        try await recoup(arguments, endsWith: status)
    }

    @discardableResult
    func recoup(_ arguments: [String], endsWith status: Int32 = 0) async throws -> String {
        // Its lock belongs to the session, so it goes straight to the server.
        let environment = arguments.first == "migrate" ? environment.merging(["DATABASE_URL": url]) { $1 } : environment
        let said = try await Tool.run(
            Tool.binaries.appending(path: "recoup"), arguments, environment: environment, in: folder)
        guard said.status == status else {
            throw Unhelpful("recoup \(arguments.joined(separator: " ")) ended with \(said.status): \(said.text)")
        }
        return said.text
    }

    // MARK: Database

    /// Runs statements as the superuser; the rows of the last.
    @discardableResult
    func sql(_ text: String) async throws -> [[String]] {
        try await onOwnThread { [url] in
            var session = try AdminSession(url: url)
            return try session.run(text).map { $0.map { $0 ?? "" } }
        }
    }

    func number(_ text: String) async throws -> Int {
        guard let number = Int(try await sql(text).first?.first ?? "") else { throw Unhelpful("no number: \(text)") }
        return number
    }

    /// Until no step is due, leased or staged. Planned steps of later days do not count.
    func settled(within limit: Duration = .seconds(60)) async throws {
        try await eventually("nothing is due or on the wire", within: limit, every: .milliseconds(50)) {
            try await number("select count(*) from q.due where kind = 'step'") == 0
        }
    }

    /// A commit that was under way is done with when its connection is gone; a pooler keeps the connection, but gives up
    /// one with a transaction in it.
    func workerIsGone() async throws {
        let rest = pooler == nil ? "" : "and state <> 'idle'"
        try await eventually("the worker's connections end") {
            try await number(
                """
                select count(*) from pg_stat_activity
                where datname = current_database() and application_name like 'recoup-worker%' \(rest)
                """) == 0
        }
    }

    /// As if the thirty seconds had passed after which a worker that is not heard counts as dead.
    func skipSilence() async throws {
        try await sql("update q.worker set heartbeat_at = heartbeat_at - interval '31 s' where not dead")
    }

    // MARK: Relay

    var relay: Web { Web(port: ports.http) }

    /// Every mail from now on is taken that long after its last byte.
    func answerDots(after milliseconds: Int) async throws {
        let script = #"[{"stage": "dot", "action": "accept", "delay": {"ms": \#(milliseconds)}}]"#
        let answer = try await relay.ask("PUT", "/reactions", script)
        guard answer.status == 200 else { throw Unhelpful(answer.text) }
    }

    /// What the relay took over.
    func mails() async throws -> [Mail] { try await relay.ask("GET", "/journal?state=accepted").read() }

    struct Counts: Decodable, Sendable {
        let accepted: Int
        /// Mails whose bytes are all there and which are not answered yet: on the wire.
        let waiting: Int
    }

    func counts() async throws -> Counts { try await relay.ask("GET", "/journal/stats").read() }
}
