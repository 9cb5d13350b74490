import Host
import Postgres

/// Health of queue and delivery as gauges, read when somebody asks.
struct QueueGauges: Sendable {
    private let database: Database
    private let clock: Clock
    private let reachable: Gauge
    private let hold: Gauge
    private let depth: Gauge
    private let oldest: Gauge
    private let lanes: Gauge
    private let periodic: Gauge
    private let messages: Gauge
    private let workers: Gauge
    private let heartbeat: Gauge
    private let tenants: Gauge

    init(in registry: Registry, database: Database, clock: Clock) {
        self.database = database
        self.clock = clock
        reachable = registry.gauge("recoup_database_up", help: "1 while the database answers.")
        hold = registry.gauge("recoup_system_hold", help: "1 while the whole system is on hold.")
        depth = registry.gauge(
            "recoup_queue_rows", help: "Rows of the hot queue by kind of lane and phase.", labels: ["lane", "phase"])
        oldest = registry.gauge(
            "recoup_queue_oldest_due_seconds", help: "Age of the oldest due and unclaimed row.", labels: ["lane"])
        lanes = registry.gauge(
            "recoup_lanes",
            help: "Lanes by kind: open, resting after a refusal of their gateway, paused by an operator.",
            labels: ["lane", "state"])
        periodic = registry.gauge(
            "recoup_periodic_late_seconds", help: "By how much the instance's periodic work is late.", labels: ["work"])
        messages = registry.gauge("recoup_messages", help: "Messages by state.", labels: ["state"])
        workers = registry.gauge("recoup_workers", help: "Workers by whether they live.", labels: ["state"])
        heartbeat = registry.gauge(
            "recoup_worker_heartbeat_age_seconds", help: "Since the quietest living worker was last heard.")
        tenants = registry.gauge("recoup_tenants", help: "Tenants by mode.", labels: ["mode"])
    }

    /// All lanes of one kind.
    private struct Lane: Sendable {
        let kind: String
        let rows: [(phase: String, count: Int)]
        let oldest: Timestamp?
        let states: [(state: String, count: Int)]

        init(_ row: Row) throws(PostgresError) {
            kind = try row("kind")
            rows = [
                ("due", try row("due")), ("claimed", try row("claimed")), ("armed", try row("armed")),
                ("dead", try row("dead")),
            ]
            oldest = try row.optional("oldest_due")
            let (all, resting, held): (Int, Int, Int) = (try row("lanes"), try row("resting"), try row("held"))
            states = [("open", max(0, all - resting - held)), ("resting", resting), ("paused", held)]
        }
    }

    private struct Reading: Sendable {
        var offset: Int64 = 0
        var isHeld = false
        var lanes: [Lane] = []
        var periodic: [(labels: [String], value: Double)] = []
        var messages: [(labels: [String], value: Double)] = []
        var tenants: [(labels: [String], value: Double)] = []
        var alive = 0
        var dead = 0
        var quietest: Timestamp?
    }

    /// Reads everything anew; false when the database does not answer, and then the old values stay but the flag falls.
    func refresh() async -> Bool {
        do {
            let real = clock.microseconds() - clock.offset
            let reading = try await database.read(as: .none) { tx in try Self.read(in: &tx, real: real) }
            show(reading, real: real)
            reachable.set(1)
            return true
        } catch {
            reachable.set(0)
            return false
        }
    }

    private static func read(in tx: inout Transaction, real: Int64) throws -> Reading {
        var reading = Reading()
        let instance = try tx.row("metrics_instance")
        reading.offset = try instance("clock_offset_us")
        let reason: String? = try instance.optional("hold_reason")
        reading.isHeld = reason != nil
        for row in try tx.rows("metrics_queue", Timestamp(microseconds: real + reading.offset)) {
            reading.lanes.append(try Lane(row))
        }
        for row in try tx.rows("metrics_periodic") {
            let late: Int = try row("late_seconds")
            reading.periodic.append(([try row("name")], Double(late)))
        }
        for row in try tx.rows("metrics_messages") {
            let count: Int = try row("messages")
            reading.messages.append(([try row("state")], Double(count)))
        }
        for row in try tx.rows("metrics_tenants") {
            let count: Int = try row("tenants")
            reading.tenants.append(([try row("mode")], Double(count)))
        }
        let workers = try tx.row("metrics_workers")
        reading.alive = try workers("alive")
        reading.dead = try workers("dead")
        reading.quietest = try workers.optional("quietest")
        return reading
    }

    private func show(_ reading: Reading, real: Int64) {
        func seconds(_ microseconds: Int64) -> Double { Double(microseconds) / 1_000_000 }
        hold.set(reading.isHeld ? 1 : 0)
        clock.setOffset(reading.offset)
        depth.replace(
            with: reading.lanes.flatMap { lane in lane.rows.map { ([lane.kind, $0.phase], Double($0.count)) } })
        lanes.replace(
            with: reading.lanes.flatMap { lane in lane.states.map { ([lane.kind, $0.state], Double($0.count)) } })
        periodic.replace(with: reading.periodic)
        oldest.replace(
            with: reading.lanes.map { lane in
                let age = lane.oldest.map { max(0, real + reading.offset - $0.microseconds) } ?? 0
                return ([lane.kind], seconds(age))
            })
        messages.replace(with: reading.messages)
        tenants.replace(with: reading.tenants)
        workers.replace(with: [(["alive"], Double(reading.alive)), (["dead"], Double(reading.dead))])
        heartbeat.set(reading.quietest.map { seconds(max(0, real - $0.microseconds)) } ?? 0)
    }
}
