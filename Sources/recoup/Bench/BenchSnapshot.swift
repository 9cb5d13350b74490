import ArgumentParser
import Configuration
import Dunning
import Foundation
import Host
import Synchronization

struct BenchSnapshot: OwnWorldCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Measures the queue while somebody holds a snapshot open.",
        discussion: """
            Drains at full speed; then holds a snapshot open while lives go by at a steady rate, which leaves behind dead \
            rows that nobody may clear away; then drains at full speed with it still open. The limit is nine tenths of the \
            first drain, and one and a half times its claims' p99.
            """)

    @Option(help: "Seconds the snapshot is held before the second drain.") var hold = 360
    @Option(help: "Lives a second meanwhile.") var rate = 1_000
    @Option(help: "Reminders of a drain at full speed.") var reminders = 20_000
    @Option(help: "Rows in one transaction.") var batch = 100
    @Option(help: "Lanes worked side by side.") var concurrency = 4
    @Option(help: "The folder of PostgreSQL's programs.") var pgbin: String?
    @Flag(help: "Print JSON, an object a line.") var json = false

    func run(_ config: ConfigReader) async throws {
        guard hold > 0, rate > 0, reminders >= 1_000, batch > 0, concurrency > 0 else {
            throw Complaint("all numbers are at least 1, and --reminders at least 1000")
        }
        let server = try ThrowawayServer(tools: pgbin, fsync: true)
        defer { server.stop() }
        try server.migrate()
        let settings = try Measurement.Settings(of: server)
        let pools = try BenchPools(on: server, workers: concurrency)
        let due = DueTenants(pools: pools, folder: server.folder, port: 25, sessions: 64)
        // The first warms everything up: what nobody has written to yet the planner takes for small.
        _ = try await drain(try await due.make(concurrency, reminders: 500, round: 0), pools)
        let before = try await due.make(reminders / 1_000, reminders: 1_000, round: 1)
        let meanwhile = try await due.make(hold, reminders: rate, round: 2)
        let after = try await due.make(reminders / 1_000, reminders: 1_000, round: 3)
        try server.psql("analyze")
        let calm = try await drain(before, pools)
        let holder = try server.startPsql("snapshot_hold")
        defer { holder.terminate() }
        let begin = ContinuousClock.now
        var slowest = Duration.zero
        for (second, company) in meanwhile.enumerated() {
            let start = begin + .seconds(second)
            if start > .now { try await Task.sleep(until: start, clock: .continuous) }
            _ = try await drain([company], pools)
            slowest = max(slowest, ContinuousClock.now - start)
        }
        StandardError.write(
            "held for \((ContinuousClock.now - begin).inSeconds) s, at most \(slowest.inSeconds) s late\n")
        let held = try await drain(after, pools)
        guard holder.isRunning else { throw Complaint("the snapshot was not held to the end") }
        await pools.stop()
        let details = ["hold_s": Double(hold), "rate": Double(rate), "concurrency": Double(concurrency)]
        for measured in [
            Measurement(
                scenario: "snapshot drain", n: reminders, unit: "lifecycles/s", values: [held.rate],
                limits: [0.9 * calm.rate], settings: settings, details: details),
            Measurement(
                scenario: "snapshot claim p99", n: held.claims.count, unit: "ms",
                values: [BenchClaim.quantile(held.claims, 99)], limits: [1.5 * BenchClaim.quantile(calm.claims, 99)],
                settings: settings, details: details),
        ] { try measured.show(asJSON: json) }
    }

    private func drain(
        _ companies: [DueTenants.Company], _ pools: BenchPools
    ) async throws -> (rate: Double, claims: [Double]) {
        let drain = QueueDrain(pools: pools, batch: batch, concurrency: concurrency)
        let begin = ContinuousClock.now
        let sent = try await drain.run(companies)
        return (Double(sent) / (ContinuousClock.now - begin).inSeconds, drain.claimTimes)
    }
}
