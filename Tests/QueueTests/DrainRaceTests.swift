import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// Bulk writes mark cases dirty and ask for a drain while drains end: none may end with a mark behind it.
@Suite struct DrainRaceTests {
    private typealias Drain = @Sendable (Lease, inout Transaction, Context) throws -> Bool

    private struct Outcome: Sendable {
        var marks = 0
        var drains = 0
        /// Dirty cases without a drain job, seen in some committed state.
        var lost = 0
    }

    private static let lost = """
        select exists (select 1 from enrolment where tenant_id = $t and dirty)
            and not exists (select 1 from q.due where tenant_id = $t and kind = 'drain')
        """

    private static func race(in tenant: TestTenant, rounds: Int, drain: @escaping Drain) async throws -> Outcome {
        var customers: [ID<Customer>] = []
        for _ in 0..<4 { customers.append(try await tenant.debtor().customer) }
        let marked = customers
        let outcome = Shared(Outcome())
        let isOver = Shared(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                let courier = try Courier(of: tenant)
                group.addTask {
                    while !isOver.value {
                        let id = tenant.id.uuid
                        let claims = try await courier.queue.claim(
                            tenant: id, lane: id, worker: courier.worker, now: TestTenant.now.timestamp, limit: 5)
                        for claim in claims where claim.kind == .drain {
                            while try await tenant.write(
                                as: .worker, { tx, context in try drain(claim.lease, &tx, context) })
                            {}
                            let isLost = try await tenant.value(Self.lost) == "t"
                            outcome.change { outcome in
                                outcome.drains += 1
                                outcome.lost += isLost ? 1 : 0
                            }
                        }
                        if claims.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
                    }
                }
            }
            let writers = try await withThrowingTaskGroup(of: Int.self) { writers in
                for number in 0..<3 {
                    writers.addTask {
                        for round in 0..<rounds {
                            let customer = marked[(number + round) % marked.count]
                            try await tenant.write(as: .bulk) { tx, context in
                                try PlanCases.markDirty(customers: [customer], entry: .firstStage, in: &tx, context)
                            }
                            let isLost = try await tenant.value(Self.lost) == "t"
                            outcome.change { $0.lost += isLost ? 1 : 0 }
                            try await Task.sleep(for: .milliseconds((number * 7 + round * 3) % 11 * 3))
                        }
                        return rounds
                    }
                }
                return try await writers.reduce(0, +)
            }
            outcome.change { $0.marks = writers }
            isOver.change { $0 = true }
            try await group.waitForAll()
        }
        // Whoever ended last must have left a job for what was dirty then.
        if try await tenant.value(Self.lost) == "t" { outcome.change { $0.lost += 1 } }
        return outcome.value
    }

    @Test(.database) func `no mark is ever left without a drain`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let outcome = try await Self.race(in: tenant, rounds: 30) { lease, tx, context in
            try InternalJobs(worker: lease.worker).drain(lease, in: &tx, context) != nil
        }
        #expect(outcome.lost == 0)
        #expect(outcome.drains > 0)
        // What is left is drained by the job that is there.
        let late = try Courier(of: tenant)
        try await tenant.admin(
            "update q.due set phase = 0, worker_id = null, lease = null where tenant_id = $t and kind = 'drain'")
        try await late.workInternalLane()
        #expect(try await tenant.count("enrolment where tenant_id = $t and dirty") == 0)
        print("drain race: \(outcome.marks) marks, \(outcome.drains) drains, \(outcome.lost) lost")
    }

    /// A bulk write has marked its case and met the job of a drain that found nothing: it commits while the drain ends.
    private static func meet(in tenant: TestTenant, drain: @escaping Drain) async throws -> Bool {
        let (customer, _) = try await tenant.debtor()
        let courier = try Courier(of: tenant)
        try await tenant.write { tx, context in try PlanCases.queueDrain(in: &tx, context) }
        let id = tenant.id.uuid
        let claims = try await courier.queue.claim(
            tenant: id, lane: id, worker: courier.worker, now: TestTenant.now.timestamp, limit: 1)
        let lease = try #require(claims.first?.lease)
        let barrier = Barrier()
        async let marking: Void = tenant.write(as: .bulk) { tx, context in
            try PlanCases.markDirty(customers: [customer], entry: .firstStage, in: &tx, context)
            try tx.flush()
            barrier.hold()
        }
        try await barrier.arrival()
        async let ending = tenant.write(as: .worker) { tx, context in try drain(lease, &tx, context) }
        try await tenant.database.lockWait()
        barrier.release()
        try await marking
        _ = try await ending
        return try await tenant.value(Self.lost) == "t"
    }

    @Test(.database) func `a mark that commits while the drain ends is seen`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let isLost = try await Self.meet(in: tenant) { lease, tx, context in
            try InternalJobs(worker: lease.worker).drain(lease, in: &tx, context) != nil
        }
        #expect(!isLost)
    }

    @Test(.database) func `a drain that does not look again is caught`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let isLost = try await Self.meet(in: tenant) { lease, tx, context in
            if try PlanCases.drain(limit: 200, in: &tx, context).customers > 0 { return true }
            _ = try tx.finish([lease], worker: lease.worker)
            return false
        }
        #expect(isLost)
    }

    /// Dirty customers, and a batch of the drain for `half` of them that has planned its own and not committed yet: `body` runs
    /// beside it. How many it planned, and what the body says.
    private static func beside<R: Sendable>(
        half: CustomerHalf?, in tenant: TestTenant, _ body: (Barrier) async throws -> R
    ) async throws -> (planned: Int, said: R) {
        var customers: [ID<Customer>] = []
        for _ in 0..<Self.crowd { customers.append(try await tenant.debtor().customer) }
        let marked = customers
        try await tenant.write(as: .bulk) { tx, context in
            try PlanCases.markDirty(customers: marked, entry: .firstStage, in: &tx, context)
        }
        let barrier = Barrier()
        async let first = tenant.write(as: .worker) { tx, context in
            let planned = try PlanCases.drain(limit: 200, half: half, in: &tx, context).customers
            barrier.hold()
            return planned
        }
        try await barrier.arrival()
        let said = try await body(barrier)
        barrier.release()
        return (try await first, said)
    }

    /// So many that no half of them is empty: one in 2²³ runs has one.
    private static let crowd = 24

    @Test(.database) func `two halves of the customers are planned side by side`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (even, odd) = try await Self.beside(half: .even, in: tenant) { _ in
            try await tenant.write(as: .worker) { tx, context in
                try PlanCases.drain(limit: 200, half: .odd, in: &tx, context).customers
            }
        }
        print("drain by halves: \(even) and \(odd) customers")
        #expect(even > 0 && odd > 0)
        #expect(even + odd == Self.crowd)
        #expect(try await tenant.count("enrolment where tenant_id = $t and dirty") == 0)
    }

    @Test(.database) func `two drains of all the customers wait for each other`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let (planned, again) = try await Self.beside(half: nil, in: tenant) { barrier in
            async let second = tenant.write(as: .worker) { tx, context in
                try PlanCases.drain(limit: 200, in: &tx, context).customers
            }
            try await tenant.database.lockWait()
            barrier.release()
            return try await second
        }
        // The second had looked before it waited, and plans all of them again.
        #expect(planned == Self.crowd && again == Self.crowd)
    }
}
