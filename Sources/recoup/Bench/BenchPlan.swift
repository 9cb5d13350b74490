import ArgumentParser
import Configuration
import Foundation
import Host

struct BenchPlan: OwnWorldCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Measures a worker that plans all the cases of a large ledger.",
        discussion: """
            From all cases being dirty until none is; the limit is eight times one INSERT … SELECT of as many steps into an \
            equal table, in the same rounds. Then the worker's memory, at most 300 MB; what another company with a trickle \
            of reminders feels of it, its p95 from due to accepted being at most one and a half times that before; and \
            whether a worker that is killed half way, and another after it, come to the same plans: 1 when they do.
            """)

    @Option(help: "Customers, each with a case.") var customers = 100_000
    @Option(help: "Their open invoices.") var invoices = 1_000_000
    @Option(help: "Reminders of the other company a second.") var rate = 10
    @Option(help: "Seconds these are watched before the planning.") var calm = 30
    @Option(help: "How often each figure is measured.") var rounds = 3
    @Option(help: "The folder of PostgreSQL's programs.") var pgbin: String?
    @Flag(help: "Print JSON, an object a line.") var json = false

    func run(_ config: ConfigReader) async throws {
        guard (1...4_000_000_000).contains(customers), invoices >= customers, rate > 0, calm > 0, rounds > 0 else {
            throw Complaint("all numbers are at least 1, and --invoices at least --customers")
        }
        let server = try ThrowawayServer(tools: pgbin, fsync: true)
        defer { server.stop() }
        let port = 20_000 + 2 * Int.random(in: 0..<10_000)
        let environment = [
            "SECRETS_KEY": Data(repeating: 7, count: 32).base64EncodedString(), "LOG_LEVEL": "error",
            "SANDBOX_GATEWAYS": "127.0.0.1:\(port)",
        ]
        try server.migrate(environment)
        let settings = try Measurement.Settings(of: server)
        let sink = try MailSink.postfix(port: port, log: server.log("sink"))
        defer {
            sink.terminate()
            sink.waitUntilExit()
        }
        try DueTenants.setClock(of: server)
        let pools = try BenchPools(on: server, workers: 2)
        let due = DueTenants(pools: pools, folder: server.folder, port: port, sessions: 4)
        var play = try await PlanRounds(
            due, on: server, environment, customers: customers, invoices: invoices, rate: rate, calm: calm)
        var found: [PlanRounds.Round] = []
        for round in 1...rounds {
            found.append(try await play.play())
            let last = found[round - 1]
            StandardError.write(
                "round \(round): \(last.planned) s for \(last.outcome.steps) steps, INSERT … SELECT \(last.insert) s\n")
        }
        for measured in figures(found, settings) { try measured.show(asJSON: json) }
        let killed = try await play.playKilled()
        await pools.stop()
        let isSame = found.allSatisfy { $0.outcome == killed.outcome }
        try Measurement(
            scenario: "plan killed and resumed", n: killed.outcome.steps, unit: "same", values: [isSame ? 1 : 0],
            limits: [1], settings: settings,
            details: ["cases_left_at_kill": Double(killed.left), "seconds": killed.seconds]
        ).show(asJSON: json)
    }

    private func figures(_ rounds: [PlanRounds.Round], _ settings: Measurement.Settings) -> [Measurement] {
        let details = [
            "customers": Double(customers), "steps": Double(rounds.first?.outcome.steps ?? 0), "rate": Double(rate),
        ]
        func figure(_ scenario: String, _ unit: String, _ values: [Double], _ limits: [Double]) -> Measurement {
            Measurement(
                scenario: scenario, n: invoices, unit: unit, values: values, limits: limits, settings: settings,
                details: details)
        }
        return [
            figure("plan", "s", rounds.map(\.planned), rounds.map { 8 * $0.insert }),
            figure("plan memory of the worker", "MB", rounds.map { Double($0.peak) / 1e6 }, rounds.map { _ in 300 }),
            figure("plan p95 of another company", "ms", rounds.map(\.busy), rounds.map { 1.5 * $0.calm }),
        ]
    }
}
