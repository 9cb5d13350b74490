import ArgumentParser
import Configuration
import Dunning
import Foundation
import Host

struct BenchDeliver: OwnWorldCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver", abstract: "Measures a real worker from the queue to the last answer of a mail server.",
        discussion: """
            The worker's start is not counted. The limit is what queue and wire alone make possible one after the other, \
            1 ÷ (1/q + 1/m), both measured in the same rounds. Postfix's smtp-sink is the server.
            """)

    @Option(help: "Reminders due in a round.") var reminders = 20_000
    @Option(help: "Companies they belong to.") var tenants = 5
    @Option(help: "Sessions of the worker, and of each company.") var sessions = 32
    @Option(help: "How often each figure is measured.") var rounds = 3
    @Option(
        parsing: .upToNextOption,
        help: "Other workers to measure beside it, as NAME=COMMAND; scripts/peers has one.")
    var peer: [BenchPeer] = []
    @Option(help: "The folder of PostgreSQL's programs.") var pgbin: String?
    @Flag(help: "Print JSON, an object a line.") var json = false

    func run(_ config: ConfigReader) async throws {
        guard tenants > 0, reminders >= tenants, (1...64).contains(sessions), rounds > 0 else {
            throw Complaint("all numbers are at least 1, --sessions at most 64, --reminders at least --tenants")
        }
        let server = try ThrowawayServer(tools: pgbin, fsync: true)
        defer { server.stop() }
        let port = 20_000 + 2 * Int.random(in: 0..<10_000)
        let environment = [
            "SECRETS_KEY": Data(repeating: 7, count: 32).base64EncodedString(), "LOG_LEVEL": "error",
            "SANDBOX_GATEWAYS": "127.0.0.1:\(port)", "WORKER_CONCURRENCY": "\(sessions)",
        ]
        try server.migrate(environment)
        let settings = try Measurement.Settings(of: server)
        let sink = try MailSink.postfix(port: port, log: server.log("sink"))
        defer {
            sink.terminate()
            sink.waitUntilExit()
        }
        try DueTenants.setClock(of: server)
        // All companies side by side, as a worker does: one that is left over at the end would leave a core idle.
        let lanes = min(tenants, 8)
        let pools = try BenchPools(on: server, workers: lanes)
        let due = DueTenants(pools: pools, folder: server.folder, port: port, sessions: sessions)
        let drain = QueueDrain(pools: pools, batch: 2 * sessions, concurrency: lanes)
        let wire = MailWire(port: port, sessions: sessions, bytes: 4_096)
        var (values, limits): ([Double], [Double]) = ([], [])
        var sent = 0
        var peers = PeerRounds()
        // The first warms everything up: what nobody has written to yet the planner takes for small.
        sent += try await drain.run(try await due.make(tenants, reminders: 400, round: 0))
        for round in 1...rounds {
            let each = reminders / tenants
            let stubbed = try await due.make(tenants, reminders: each, round: 2 * round)
            try server.psql("analyze")
            let begin = ContinuousClock.now
            sent += try await drain.run(stubbed)
            let queue = Double(each * tenants) / (ContinuousClock.now - begin).inSeconds
            let mail = try await wire.send(each * tenants)
            limits.append(1 / (1 / queue + 1 / mail))
            _ = try await due.make(tenants, reminders: each, round: 2 * round + 1)
            try server.psql("analyze")
            sent += each * tenants
            values.append(try deliver(each * tenants, total: sent, environment, on: server))
            try peers.measure(
                peer, jobs: each * tenants, on: server, ["SESSIONS": "\(sessions)", "PORT": "\(port)"])
            StandardError.write(
                "round \(round): \(Int(values[round - 1]))/s; queue \(Int(queue))/s, wire \(Int(mail))/s\n")
        }
        await wire.stop()
        await pools.stop()
        let measured = Measurement(
            scenario: "deliver", n: reminders, unit: "mails/s", values: values, limits: limits, settings: settings,
            details: ["tenants": Double(tenants), "sessions": Double(sessions)])
        for measured in [measured] + peers.beside(measured) { try measured.show(asJSON: json) }
    }

    /// A worker of its own from its first outcomes until the last message is accepted; mails a second. Its start is not counted:
    /// what the limit is made of is measured on connections that are open.
    private func deliver(
        _ count: Int, total: Int, _ environment: [String: String], on server: ThrowawayServer
    ) throws -> Double {
        let worker = try BenchWorker(on: server, environment)
        defer { worker.end() }
        var left = count
        try ThrowawayServer.eventually("a reminder is sent", within: 60, every: 0.02) {
            left = try server.jobsLeft("step")
            return left < count
        }
        let begin = ContinuousClock.now
        // To count the messages, or to look ten times a second all the while, would take the worker's time.
        try ThrowawayServer.eventually("most reminders are sent", within: 600, every: 1) {
            try server.jobsLeft("step") < count / 10
        }
        try ThrowawayServer.eventually("all reminders are sent", within: 60, every: 0.1) {
            try server.jobsLeft("step") == 0
        }
        let seconds = (ContinuousClock.now - begin).inSeconds
        guard try server.psql("messages").split(separator: "\n").contains("accepted|\(total)") else {
            throw Complaint("not all messages were accepted")
        }
        return Double(left) / seconds
    }
}
