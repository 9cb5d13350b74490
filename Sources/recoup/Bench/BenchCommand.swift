import ArgumentParser
import Configuration
import Foundation

/// A command that makes the world it works in.
protocol OwnWorldCommand: ParsableCommand {
    func run(_ config: ConfigReader) async throws
}

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures this build on a throw-away PostgreSQL.",
        subcommands: [
            BenchImport.self, BenchQueue.self, BenchMail.self, BenchDeliver.self, BenchAnalytics.self, BenchClaim.self,
            BenchSnapshot.self, BenchFairness.self, BenchPlan.self,
        ])
}

struct BenchImport: OwnWorldCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Measures taking in a large file.",
        discussion: """
            Takes rounds by turns: the product's import through API and worker, and the limit: in psql as recoup_bulk \
            COPY of the same rows into the staging table plus one INSERT … SELECT … ON CONFLICT for each table the \
            import writes. Programs are taken from the folder of this one; curl, psql and PostgreSQL's tools are needed.
            """)

    @Option(help: "Invoices, each row with its payment or without.") var rows = 1_000_000
    @Option(help: "How often each of the two is measured.") var rounds = 3
    @Option(help: "The folder of PostgreSQL's programs.") var pgbin: String?
    @Flag(help: "Let PostgreSQL not wait for the disk.") var noFsync = false
    @Flag(help: "Print JSON.") var json = false

    func run(_ config: ConfigReader) async throws {
        guard (1...10_000_000).contains(rows), rounds > 0 else { throw Complaint("--rows is 1 to 10,000,000") }
        let server = try ThrowawayServer(tools: pgbin, fsync: !noFsync)
        defer { server.stop() }
        let world = try await BenchWorld(on: server)
        defer { world.stop() }
        let ledger = try BenchLedger(rows: rows, in: server.folder)
        let report = try await ImportMeasure(world: world, ledger: ledger, rounds: rounds).run()
        print(json ? try report.json : report.table)
    }
}
