import Dunning
import Foundation
import Operations
import Postgres
import Store

/// A worker plans all of a company's cases, while reminders of another fall due in a trickle.
///
/// The first is in Tokyo, where it is night until seven hours after ``DueTenants/now``: when its steps fall due does not depend on
/// the moment at which they are planned.
struct PlanRounds {
    /// What one round found: seconds, the milliseconds of the other company's p95, and bytes.
    struct Round {
        let planned: Double
        /// One INSERT … SELECT of as many steps.
        let insert: Double
        let calm: Double
        let busy: Double
        let peak: Int
        let outcome: Outcome
    }

    /// How many steps there are, and a digest of all.
    struct Outcome: Equatable {
        let steps: Int
        let digest: Substring
    }

    let customers: Int
    /// Reminders of the other company a second, and the seconds they are watched before.
    let rate: Int
    let calm: Int
    private let server: ThrowawayServer
    private let pools: BenchPools
    private let environment: [String: String]
    private let debtor: DueTenants.Company
    private let other: DueTenants.Company
    private var reminders: Reminders

    /// Seconds that no planning takes.
    private static let patience = 3_600
    /// Seconds of the other company's reminders that lie ready.
    private static let trickled = 1_200

    init(
        _ due: DueTenants, on server: ThrowawayServer, _ environment: [String: String], customers: Int, invoices: Int,
        rate: Int, calm: Int
    ) async throws {
        (self.customers, self.rate, self.calm) = (customers, rate, calm)
        (self.server, self.environment, pools) = (server, environment, due.pools)
        var far = due
        far.zone = "Asia/Tokyo"
        debtor = try await far.make(1, reminders: 1, round: 1)[0]
        other = try await due.make(1, reminders: 1, round: 2)[0]
        reminders = Reminders(on: server)
        try reminders.adopt([debtor, other])
        try server.psql(
            "plan_fill",
            [
                "tenant": debtor.tenant.uuidString, "customers": "\(customers)", "invoices": "\(invoices)",
                "today": "\(Day(number: Int32(DueTenants.now.microseconds / 86_400_000_000)))",
            ])
        // Opens the cases.
        try await markDirty()
    }

    mutating func play() async throws -> Round {
        try await enter()
        let worker = try BenchWorker(on: server, environment)
        defer { worker.end() }
        try worker.begin()
        _ = try reminders.open([other])
        let calm = try trickle()
        let flowing = rate * Self.trickled
        try reminders.fill([other], each: flowing, after: 10, gap: 1 / Double(rate))
        try ThrowawayServer.eventually("the trickle flows") { try reminders.left([other]).reminders < flowing }
        let since = try reminders.open([debtor])
        let planned = try await untilPlanned()
        let end = try reminders.close([debtor])
        let busy = try p95(from: since, before: end)
        let peak = worker.peak
        worker.end()
        try reminders.clear([other])
        return Round(
            planned: planned, insert: try insert(), calm: calm, busy: busy, peak: peak, outcome: try outcome())
    }

    /// The same with a worker that is killed half way, and another after it; how many cases were left for that one, and the
    /// seconds it all took.
    mutating func playKilled() async throws -> (outcome: Outcome, left: Int, seconds: Double) {
        try await enter()
        let first = try BenchWorker(on: server, environment)
        defer { first.end() }
        try first.begin()
        let begin = ContinuousClock.now
        _ = try reminders.open([debtor])
        try ThrowawayServer.eventually("half is planned", within: Self.patience, every: 0.05) {
            try dirty() <= customers / 2
        }
        first.kill()
        let left = try dirty()
        guard left > 0 else { throw Complaint("the worker was done before it was killed: take more customers") }
        let second = try BenchWorker(on: server, environment)
        defer { second.end() }
        _ = try await untilPlanned()
        try reminders.close([debtor])
        return (try outcome(), left, (ContinuousClock.now - begin).inSeconds)
    }

    /// All cases are to be planned anew, once the workers are let at them.
    private func enter() async throws {
        try reminders.close([debtor])
        try server.psql("plan_reset", ["tenant": debtor.tenant.uuidString])
        try await markDirty()
    }

    /// What a bulk write does at its end.
    private func markDirty() async throws {
        let context = Context(tenant: ID(debtor.tenant), actor: "bench", now: DueTenants.now)
        for first in stride(from: 1, through: customers, by: 1_000) {
            let portion = (first..<min(first + 1_000, customers + 1)).map { ID<Customer>(Self.id($0)) }
            try await pools.bulk.write(as: .tenant(debtor.tenant)) { tx in
                try PlanCases.markDirty(customers: portion, entry: .firstStage, in: &tx, context)
            }
        }
    }

    /// As the script numbers them.
    private static func id(_ number: Int) -> UUID {
        func byte(_ place: Int) -> UInt8 { UInt8(truncatingIfNeeded: number >> (8 * place)) }
        return UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, byte(3), byte(2), byte(1), byte(0)))
    }

    /// Seconds until the job that plans them has ended. To look for dirty cases would walk past all that were planned.
    private func untilPlanned() async throws -> Double {
        let begin = ContinuousClock.now
        while try server.jobsLeft("drain") > 0 {
            guard ContinuousClock.now - begin < .seconds(Self.patience) else { throw Complaint("cases stay dirty") }
            try await Task.sleep(for: .milliseconds(200))
        }
        let seconds = (ContinuousClock.now - begin).inSeconds
        guard try dirty() == 0 else { throw Complaint("cases could not be planned: see the worker's log") }
        return seconds
    }

    private func dirty() throws -> Int { Int(try server.psql("dirty_cases")) ?? .max }

    /// The other company's p95 while nothing is planned.
    private mutating func trickle() throws -> Double {
        let from = try reminders.fill([other], each: rate * calm, after: 10, gap: 1 / Double(rate))
        try ThrowawayServer.eventually("the trickle is sent", within: calm + 60, every: 0.5) {
            try reminders.left([other]).reminders == 0
        }
        return try p95(from: from, before: from + Int64(calm) * 1_000_000)
    }

    private func p95(from: Int64, before: Int64) throws -> Double {
        var late: [Double] = []
        try ThrowawayServer.eventually("what fell due is sent", every: 0.5) {
            late = try reminders.late([other], from: from, before: before)
            return late.allSatisfy(\.isFinite)
        }
        guard !late.isEmpty else { throw Complaint("nothing of others fell due meanwhile: take more customers") }
        return BenchClaim.quantile(late, 95)
    }

    private func insert() throws -> Double {
        try server.psql("floor_steps")
        let said = try server.psql("floor_steps_fill", ["tenant": debtor.tenant.uuidString], as: "recoup_worker")
        guard let seconds = said.split(separator: "\n").last.flatMap({ Double($0) }) else {
            throw Complaint("the INSERT … SELECT said \(said)")
        }
        return seconds
    }

    private func outcome() throws -> Outcome {
        let row = try server.psql("plan_digest", ["tenant": debtor.tenant.uuidString]).split(separator: "|")
        guard row.count == 2, let steps = Int(row[0]), steps > 0 else { throw Complaint("nothing was planned") }
        return Outcome(steps: steps, digest: row[1])
    }
}
