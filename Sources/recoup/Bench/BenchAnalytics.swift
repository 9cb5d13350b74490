import ArgumentParser
import Configuration
import Dunning
import Foundation
import Host

struct BenchAnalytics: OwnWorldCommand {
    static let configuration = CommandConfiguration(
        commandName: "analytics", abstract: "Measures numbers over HTTP on a small and on a large ledger.",
        discussion: """
            Two companies whose ledgers differ in size ask for their DSO by turns. The ledgers are laid by psql; their \
            rollups are made by the worker. The limit of the first figure is the small ledger, of the second three times \
            what one invoice takes. Programs are taken from the folder of this one; curl and psql are needed.
            """)

    @Option(help: "Entries of the small ledger.") var small = 100_000
    @Option(help: "Entries of the large one.") var large = 10_000_000
    @Option(help: "How often each is measured.") var rounds = 5
    @Option(help: "Requests in a round.") var requests = 200
    @Option(help: "The folder of PostgreSQL's programs.") var pgbin: String?
    @Flag(help: "Print JSON, an object a line.") var json = false

    func run(_ config: ConfigReader) async throws {
        guard small > 100, large >= small, rounds > 0, requests >= 10 else {
            throw Complaint(
                "--small is over 100, --large at least that, --rounds at least 1, --requests at least 10")
        }
        let server = try ThrowawayServer(tools: pgbin, fsync: true)
        defer { server.stop() }
        let world = try await BenchWorld(on: server)
        defer { world.stop() }
        let settings = try Measurement.Settings(of: server)
        let few = try await company("Small", entries: small, in: world)
        let many = try await company("Large", entries: large, in: world)
        // As the script numbers them.
        let invoice = ID<Invoice>(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7)))
        var times = (few: [[Double]](), many: [[Double]](), one: [[Double]]())
        for round in 0...rounds {
            let few = try world.times(of: "/v1/analytics/dso?currency=USD", as: few, count: requests)
            let many = (
                dso: try world.times(of: "/v1/analytics/dso?currency=USD", as: many, count: requests),
                one: try world.times(of: "/v1/invoices/\(invoice)", as: many, count: requests)
            )
            // The first warms everything up.
            guard round > 0 else { continue }
            times.few.append(few)
            times.many.append(many.dso)
            times.one.append(many.one)
        }
        let details = ["small": Double(small), "large": Double(large), "rounds": Double(rounds)]
        let last = Self.last(times.one.flatMap(\.self))
        for measured in [
            Measurement(
                scenario: "analytics median, large beside small", n: requests, unit: "ms",
                values: times.many.map(Measurement.median), limits: times.few.map(Measurement.median),
                settings: settings, details: details),
            Measurement(
                scenario: "analytics p99 beside three times that of an invoice", n: requests * rounds, unit: "ms",
                values: [Self.last(times.many.flatMap(\.self))], limits: [3 * last], settings: settings,
                details: details.merging(["p99_small_ms": Self.last(times.few.flatMap(\.self))]) { $1 }),
        ] { try measured.show(asJSON: json) }
    }

    /// Lays a ledger and waits for the worker to make its rollups.
    private func company(_ name: String, entries: Int, in world: BenchWorld) async throws -> BenchWorld.Importer {
        let company = try await world.newImporter(name)
        let tenant = company.id.uuid.uuidString.lowercased()
        let begin = ContinuousClock.now
        let count = try world.server.psql(
            "ledger_fill",
            [
                "tenant": tenant, "brand": company.brand.uuid.uuidString, "invoices": "\(entries * 10 / 17)",
                "today": "\(Day(number: Int32(Clock.system() / 86_400_000_000)))",
            ])
        let laid = ContinuousClock.now
        try ThrowawayServer.eventually("rollups are made", within: 7_200) {
            try world.server.psql("ledger_folded", ["tenant": tenant]) == "t"
        }
        StandardError.write(
            "\(name): \(count) entries laid in \((laid - begin).inSeconds) s, rollups made in "
                + "\((ContinuousClock.now - laid).inSeconds) s\n")
        return company
    }

    private static func last(_ times: [Double]) -> Double {
        let sorted = times.sorted()
        return sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    }
}
