import ArgumentParser
import Configuration
import Dunning
import Foundation
import Operations
import Postgres
import Queue

struct BenchClaim: OwnWorldCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Measures claims beside few and beside many steps that are planned for later.",
        discussion: """
            Two companies whose lanes hold different numbers of planned steps; a hundred rows at a time are claimed and done \
            with by turns. The limit is one and a half times what the claim takes beside few.
            """)

    @Option(help: "Planned steps of the one.") var few = 10_000
    @Option(help: "Planned steps of the other.") var many = 10_000_000
    @Option(help: "Claims of a hundred, of each, in a round.") var claims = 60
    @Option(help: "How often each is measured.") var rounds = 3
    @Option(help: "The folder of PostgreSQL's programs.") var pgbin: String?
    @Flag(help: "Print JSON, an object a line.") var json = false

    func run(_ config: ConfigReader) async throws {
        guard few > 0, many >= few, claims > 0, rounds > 0 else {
            throw Complaint("all numbers are at least 1, and --many at least --few")
        }
        let server = try ThrowawayServer(tools: pgbin, fsync: true)
        defer { server.stop() }
        try server.migrate()
        let settings = try Measurement.Settings(of: server)
        let pools = try BenchPools(on: server, workers: 1)
        let due = DueTenants(pools: pools, folder: server.folder, port: 25, sessions: 64)
        var companies: [DueTenants.Company] = []
        for steps in [few, many] {
            let company = try await due.make(1, reminders: 100 * claims * (rounds + 1), round: companies.count)[0]
            try server.psql(
                "steps_fill",
                [
                    "tenant": company.tenant.uuidString, "lane": company.lane.uuidString, "steps": "\(steps)",
                    "from": "\(DueTenants.now)",
                ])
            companies.append(company)
        }
        let queue = DueQueue(dispatch: pools.dispatch, work: pools.work)
        // One: another would find the gateway's sessions taken.
        let worker = UUID()
        var times: [[Double]] = [[], []]
        for round in 0...rounds {
            for index in [0, 1] {
                let taken = try await claim(companies[index], by: worker, of: queue, pools.work)
                // The first warms everything up.
                if round > 0 { times[index] += taken }
            }
        }
        await pools.stop()
        for share in [50, 99] {
            let (beside, limit) = (Self.quantile(times[1], share), 1.5 * Self.quantile(times[0], share))
            let measured = Measurement(
                scenario: "claim p\(share)", n: times[1].count, unit: "ms", values: [beside], limits: [limit],
                settings: settings, details: ["few": Double(few), "many": Double(many)])
            try measured.show(asJSON: json)
        }
    }

    /// Milliseconds that each claim took.
    private func claim(
        _ company: DueTenants.Company, by worker: UUID, of queue: DueQueue, _ work: Database
    ) async throws -> [Double] {
        let now = Timestamp(microseconds: DueTenants.now.microseconds)
        var times: [Double] = []
        for _ in 0..<claims {
            let begin = ContinuousClock.now
            let claimed = try await queue.claim(
                tenant: company.tenant, lane: company.lane, worker: worker, now: now, limit: 100,
                turn: Turn(isFull: times.isEmpty))
            times.append((ContinuousClock.now - begin).inSeconds * 1_000)
            guard claimed.count == 100 else { throw Complaint("only \(claimed.count) rows were claimed") }
            _ = try await work.write(as: .tenant(company.tenant)) { tx in
                try tx.finish(claimed.map(\.lease), worker: worker)
            }
        }
        return times
    }

    static func quantile(_ times: [Double], _ share: Int) -> Double {
        let sorted = times.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, sorted.count * share / 100)]
    }
}
