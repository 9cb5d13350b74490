import ArgumentParser
import Configuration
import Foundation
import Host

struct BenchQueue: OwnWorldCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Measures the lives of reminders without a wire.",
        discussion: """
            Claim, facts and gate, arm, finish, audit, next step; the gateway takes everything at once. The limit is the \
            least rows such a life must write, by pgbench on the same cluster at the best number of clients. Rounds go \
            by turns.
            """)

    @Option(help: "Reminders due in a round.") var reminders = 20_000
    @Option(help: "Companies they belong to.") var tenants = 20
    @Option(help: "Rows in one transaction.") var batch = 100
    @Option(help: "Lanes worked side by side.") var concurrency = 4
    @Option(help: "How often each of the two is measured.") var rounds = 3
    @Option(help: "Seconds of pgbench per number of clients.") var seconds = 5
    @Option(
        parsing: .upToNextOption,
        help: "Other queues to measure beside it, as NAME=COMMAND; scripts/peers has some.")
    var peer: [BenchPeer] = []
    @Option(help: "The folder of PostgreSQL's programs.") var pgbin: String?
    @Flag(help: "Print JSON, an object a line.") var json = false

    func run(_ config: ConfigReader) async throws {
        guard tenants > 0, reminders >= tenants, batch > 0, concurrency > 0, rounds > 0, seconds > 0 else {
            throw Complaint("all numbers are at least 1, and --reminders at least --tenants")
        }
        let server = try ThrowawayServer(tools: pgbin, fsync: true)
        defer { server.stop() }
        try server.migrate()
        let settings = try Measurement.Settings(of: server)
        try server.psql("floor_tables")
        let pools = try BenchPools(on: server, workers: concurrency)
        let due = DueTenants(pools: pools, folder: server.folder, port: 25, sessions: 64)
        let drain = QueueDrain(pools: pools, batch: batch, concurrency: concurrency)
        var (values, limits): ([Double], [Double]) = ([], [])
        var peers = PeerRounds()
        // The first warms everything up: what nobody has written to yet the planner takes for small.
        _ = try await drain.run(try await due.make(tenants, reminders: 100, round: 0))
        for round in 1...rounds {
            let companies = try await due.make(tenants, reminders: reminders / tenants, round: round)
            try server.psql("analyze")
            let begin = ContinuousClock.now
            let sent = try await drain.run(companies)
            values.append(Double(sent) / (ContinuousClock.now - begin).inSeconds)
            guard sent == reminders / tenants * tenants else {
                throw Complaint("only \(sent) of \(reminders) reminders were sent")
            }
            limits.append(try floor(server))
            try peers.measure(peer, jobs: reminders, on: server)
            StandardError.write("round \(round): \(Int(values[round - 1]))/s, floor \(Int(limits[round - 1]))/s\n")
        }
        await pools.stop()
        let measured = Measurement(
            scenario: "queue", n: reminders, unit: "lifecycles/s", values: values, limits: limits, settings: settings,
            details: ["batch": Double(batch), "tenants": Double(tenants), "concurrency": Double(concurrency)])
        for measured in [measured] + peers.beside(measured) { try measured.show(asJSON: json) }
    }

    /// The best of 1, 4 and 8 clients, lifecycles a second.
    private func floor(_ server: ThrowawayServer) throws -> Double {
        try [1, 4, 8].map { try server.pgbench("floor_lifecycle", clients: $0, seconds: seconds) * 100 }.max()
            ?? 0
    }
}
