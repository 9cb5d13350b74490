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
        messages = registry.gauge("recoup_messages", help: "Messages by state.", labels: ["state"])
        workers = registry.gauge("recoup_workers", help: "Workers by whether they live.", labels: ["state"])
        heartbeat = registry.gauge(
            "recoup_worker_heartbeat_age_seconds", help: "Since the quietest living worker was last heard.")
        tenants = registry.gauge("recoup_tenants", help: "Tenants by mode.", labels: ["mode"])
    }

    private struct Reading: Sendable {
        var offset: Int64 = 0
        var isHeld = false
        var lanes: [(kind: String, due: Int, claimed: Int, armed: Int, oldest: Timestamp?)] = []
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
            reading.lanes.append(
                (
                    try row("kind"), try row("due"), try row("claimed"), try row("armed"),
                    try row.optional("oldest_due")
                ))
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
            with: reading.lanes.flatMap { lane in
                [
                    ([lane.kind, "due"], Double(lane.due)), ([lane.kind, "claimed"], Double(lane.claimed)),
                    ([lane.kind, "armed"], Double(lane.armed)),
                ]
            })
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
