import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Synchronization

/// A worker without a wire: claims, arms and records as the delivering one does, and every message is taken at once.
final class QueueDrain: Sendable {
    let queue: DueQueue
    let work: Database
    /// Rows claimed, armed and recorded at a time.
    let batch: Int
    /// Lanes worked side by side.
    let concurrency: Int
    private let claimed = Mutex<[Double]>([])

    init(pools: BenchPools, batch: Int, concurrency: Int) {
        queue = DueQueue(dispatch: pools.dispatch, work: pools.work)
        work = pools.work
        self.batch = batch
        self.concurrency = concurrency
    }

    /// Milliseconds of each claim so far.
    var claimTimes: [Double] { claimed.withLock { $0 } }

    /// Works the lanes until nothing is due; how many messages were sent.
    func run(_ companies: [DueTenants.Company]) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            var waiting = companies[...]
            var sent = 0
            for _ in 0..<concurrency {
                guard let next = waiting.popFirst() else { break }
                group.addTask { try await self.work(next) }
            }
            while let count = try await group.next() {
                sent += count
                if let next = waiting.popFirst() { group.addTask { try await self.work(next) } }
            }
            return sent
        }
    }

    private func work(_ company: DueTenants.Company) async throws -> Int {
        let worker = UUID()
        let templates = TemplateCache()
        let now = DueTenants.now
        let context = Context(tenant: ID(company.tenant), actor: "worker", now: now)
        var sent = 0
        while true {
            let begin = ContinuousClock.now
            let claims = try await queue.claim(
                tenant: company.tenant, lane: company.lane, worker: worker,
                now: Timestamp(microseconds: now.microseconds), limit: batch, turn: Turn(isFull: sent == 0))
            let elapsed = (ContinuousClock.now - begin).inSeconds
            claimed.withLock { $0.append(elapsed * 1_000) }
            if claims.isEmpty { return sent }
            let leases = claims.map(\.lease)
            let armed = try await work.write(as: .tenant(company.tenant)) { tx in
                try ArmBatch(worker: worker, templates: templates).run(leases, in: &tx, context)
            }.armed
            let reports = armed.map {
                DeliveryReport(lease: $0.lease, attempt: $0.attempt, result: .accepted, code: 250, reply: "2.0.0 taken")
            }
            sent += try await work.write(as: .tenant(company.tenant)) { tx in
                var generator = SystemRandomNumberGenerator()
                return try RecordOutcomes(worker: worker).run(
                    reports, lane: company.lane, in: &tx, context, using: &generator
                ).count
            }
        }
    }
}
