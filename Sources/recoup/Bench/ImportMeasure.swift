import Dunning
import Foundation
import Host
import Logging
import Operations
import Postgres
import Store
import Synchronization

/// Rounds of the product's import and of what the database alone could do, by turns.
struct ImportMeasure {
    let world: BenchWorld
    let ledger: BenchLedger
    let rounds: Int

    private var server: ThrowawayServer { world.server }

    func run() async throws -> ImportFigures {
        let calm = try world.probe(100)
        let rows = try await stagedRows()
        var figures = ImportFigures(rows: ledger.rows, calm: calm)
        for round in 1...rounds {
            let (seconds, busy) = try await product(round)
            figures.product.append(seconds)
            figures.busy += busy
            figures.limit.append(try await limit(rows, round))
            StandardError.write(
                "round \(round): product \(seconds) s, limit \(figures.limit[round - 1]) s")
        }
        figures.workerPeak = BenchWorld.peak(world.worker)
        figures.apiPeak = BenchWorld.peak(world.api)
        return figures
    }

    /// From the last byte received to the last row applied, by the worker's own clock; and what others felt of it.
    private func product(_ round: Int) async throws -> (seconds: Double, busy: [Double]) {
        let importer = try await world.newImporter("Round \(round)")
        let upload = try world.upload(ledger.file, mapping: BenchLedger.mapping, as: importer)
        let tenant = importer.id.uuid.uuidString
        func state() throws -> [Substring] {
            try server.psql("import_state", ["tenant": tenant]).split(separator: "|", omittingEmptySubsequences: false)
        }
        let busy = try world.probe(.max) { ["done", "failed"].contains((try? state().first) ?? "") == false }
        upload.waitUntilExit()
        let end = try state()
        guard end.count == 5, end[0] == "done", end[1] == "\(ledger.rows)", let seconds = Double(end[2]) else {
            throw Complaint("the import went wrong: \(end.joined(separator: " "))")
        }
        // The cases are planned after the import; the next round begins in peace.
        try ThrowawayServer.eventually("cases are planned", within: 3_600) {
            try server.psql("dirty_cases") == "0"
        }
        return (seconds, busy)
    }

    /// The staged rows as COPY has them, from an import that stops before it is applied.
    private func stagedRows() async throws -> (file: URL, tenant: ID<Tenant>) {
        let importer = try await world.newImporter("Template")
        let bulk = Database(
            DatabaseSettings(url: server.url, user: "recoup_bulk", connections: 2, waitLimit: .seconds(60)),
            catalogue: world.catalogue, logger: Logger(label: "bench"))
        let context = Context(tenant: importer.id, actor: "bench", now: Instant(microseconds: Clock.system()))
        try server.psql("tenants_mode", ["tenants": "{\(importer.id.uuid.uuidString)}", "mode": "suspended"])
        let id = try await ReceiveImport(
            .given(try ImportMapping(json: BenchLedger.mapping)), policy: .firstStage
        ).run(FileChunks(contentsOf: ledger.file), on: bulk, context)
        let staged = Atomic<Int>(0)
        let wanted = (ledger.rows + 9_999) / 10_000
        _ = try await RunImport(id, isStopping: { staged.load(ordering: .relaxed) >= wanted }) { _ in
            staged.add(1, ordering: .relaxed)
        }.run(on: bulk) { context }
        let file = server.folder.appending(path: "rows.copy")
        try server.psql("import_template", output: file)
        await bulk.stop()
        return (file, importer.id)
    }

    private func limit(_ rows: (file: URL, tenant: ID<Tenant>), _ round: Int) async throws -> Double {
        let importer = try await world.newImporter("Limit \(round)")
        let own = server.folder.appending(path: "own.copy")
        let (old, new) = (rows.tenant.uuid.uuidString.lowercased(), importer.id.uuid.uuidString.lowercased())
        try ThrowawayServer.run(["sed", "s/^\(old)/\(new)/", rows.file.path], output: own)
        let begin = ContinuousClock.now
        try server.psql(
            "import_limit", ["tenant": new, "brand": importer.brand.uuid.uuidString], input: own, as: "recoup_bulk")
        let elapsed = ContinuousClock.now - begin
        try server.psql("import_limit_clear")
        return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    }
}
