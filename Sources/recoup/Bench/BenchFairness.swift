import ArgumentParser
import Configuration
import Foundation

struct BenchFairness: OwnWorldCommand {
    /// What is measured.
    enum Scenario: String, CaseIterable, ExpressibleByArgument { case big, equal, weighted, relays }

    static let configuration = CommandConfiguration(
        commandName: "fairness", abstract: "Measures what companies get of a worker they share.",
        discussion: """
            big: how long many small companies take beside a big one; the limit is one and a half times what they take \
            without it, of the last and of the one most delayed. equal: Jain's index over companies with more to send than \
            there is time for; at least 0.99. weighted: how much those of weight 3 get beside those of weight 1; 3, within \
            5 %. In these three a real worker sends to Postfix's smtp-sink. relays: the p95 from due to accepted of \
            companies with a trickle, at recoup-sandbox, beside relays of which one answers after 30 s, one takes \
            nobody and one refuses every recipient; the limit is one and a half times the same without these.
            """)

    @Option(parsing: .upToNextOption, help: "Which of them: big, equal, weighted, relays.")
    var only: [Scenario] = Scenario.allCases
    @Option(help: "Reminders due at the big company.") var big = 200_000
    @Option(help: "Small companies beside it.") var small = 200
    @Option(help: "Reminders due at each small one.") var each = 50
    @Option(help: "Companies that share by weight.") var peers = 20
    @Option(help: "Reminders due at each of them.") var backlog = 1_000
    @Option(help: "Companies with a relay of their own that is well.") var relays = 20
    @Option(help: "Reminders a second at all of these together.") var rate = 20
    @Option(help: "Seconds this goes on.") var seconds = 60
    @Option(help: "Reminders due at each broken relay.") var broken = 500
    @Option(help: "Sessions of each company's gateway.") var sessions = 4
    @Option(help: "How often each figure is measured.") var rounds = 3
    @Option(help: "The folder of PostgreSQL's programs.") var pgbin: String?
    @Flag(help: "Print JSON, an object a line.") var json = false

    func run(_ config: ConfigReader) async throws {
        guard [big, small, each, relays, rate, seconds, broken, rounds].allSatisfy({ $0 > 0 }),
            peers >= 2, backlog >= 2, (1...64).contains(sessions)
        else {
            throw Complaint("all numbers are at least 1, --peers and --backlog at least 2, --sessions at most 64")
        }
        let server = try ThrowawayServer(tools: pgbin, fsync: true)
        defer { server.stop() }
        let base = 20_000 + 8 * Int.random(in: 0..<1_500)
        let ports = BrokenRelays.ports(from: base + 2)
        let environment = [
            "SECRETS_KEY": Data(repeating: 7, count: 32).base64EncodedString(), "LOG_LEVEL": "error",
            "SANDBOX_GATEWAYS": ([base] + ports).map { "127.0.0.1:\($0)" }.joined(separator: ","),
        ]
        try server.migrate(environment)
        let settings = try Measurement.Settings(of: server)
        let sink = try MailSink.postfix(port: base, log: server.log("sink"))
        defer {
            sink.terminate()
            sink.waitUntilExit()
        }
        try DueTenants.setClock(of: server)
        let pools = try BenchPools(on: server, workers: 2)
        let due = DueTenants(pools: pools, folder: server.folder, port: base, sessions: sessions)
        var shares = FairShares(due, on: server, environment, settings: settings, rounds: rounds)
        if only.contains(.big) {
            for measured in try await shares.beside(big: big, small: small, each: each) {
                try measured.show(asJSON: json)
            }
        }
        if only.contains(.equal) { try await shares.equal(peers, backlog: backlog).show(asJSON: json) }
        if only.contains(.weighted) { try await shares.weighted(peers, backlog: backlog).show(asJSON: json) }
        if only.contains(.relays) {
            let broken = BrokenRelays(
                relays: relays, rate: rate, seconds: seconds, backlog: broken, rounds: rounds)
            try await broken.measure(due, ports: ports, on: server, environment, settings: settings)
                .show(asJSON: json)
        }
        await pools.stop()
    }
}
