import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

/// Who is next. Each test has a database of its own: other tenants would be seen too.
@Suite struct FairOrderTests {
    private struct Share: Sendable {
        let tenant: TestTenant
        let weight: Int
    }

    private static func shares(_ weights: [Int], due: Int, in database: TestDatabase) async throws -> [Share] {
        var shares: [Share] = []
        for weight in weights {
            let tenant = try await TestTenant.make(in: database, named: "Weight \(weight)")
            try await tenant.admin("update tenant set weight = \(weight) where tenant_id = $t")
            try await tenant.plantDue(due)
            shares.append(Share(tenant: tenant, weight: weight))
        }
        return shares
    }

    /// Two, by turns.
    private static let workers = [UUID(), UUID()]

    /// Claims as dispatchers do, always from the lane whose turn it is; how many rows each tenant got.
    private static func work(_ turns: Int, each: Int, in database: TestDatabase) async throws -> [UUID: Int] {
        let queue = DueQueue(
            dispatch: try database.database(.dispatch), work: try database.database(.worker))
        var got: [UUID: Int] = [:]
        for number in 0..<turns {
            guard let lane = try await queue.readyLanes(now: TestTenant.now.timestamp, limit: 1).first else { break }
            let worker = workers[number % 2]
            let claims = try await queue.claim(
                tenant: lane.tenant, lane: lane.lane, worker: worker, now: TestTenant.now.timestamp, limit: each,
                turn: Turn(of: lane))
            let leases = claims.map(\.lease)
            _ = try await database.database(.worker).write(as: .tenant(lane.tenant)) { tx in
                try tx.finish(leases, worker: worker)
            }
            got[lane.tenant, default: 0] += claims.count
        }
        return got
    }

    /// Jain's index of what each got by its weight: 1 is perfectly fair.
    private static func jain(_ shares: [Share], _ got: [UUID: Int]) -> Double {
        let parts = shares.map { Double(got[$0.tenant.id.uuid] ?? 0) / Double($0.weight) }
        let sum = parts.reduce(0, +)
        return sum * sum / (Double(parts.count) * parts.map { $0 * $0 }.reduce(0, +))
    }

    @Test(.database) func `tenants get what is due by their weight`() async throws {
        let database = try TestDatabase.current()
        let shares = try await Self.shares([100, 100, 300, 50], due: 300, in: database)
        let got = try await Self.work(55, each: 10, in: database)
        let index = Self.jain(shares, got)
        print("jain \(index), got \(shares.map { got[$0.tenant.id.uuid] ?? 0 })")
        #expect(index > 0.99)
        let (one, three) = (got[shares[0].tenant.id.uuid] ?? 0, got[shares[2].tenant.id.uuid] ?? 0)
        #expect(abs(three - 3 * one) <= 10)
    }

    @Test(.database) func `who slept does not make up for it`() async throws {
        let database = try TestDatabase.current()
        let shares = try await Self.shares([100, 100], due: 400, in: database)
        let late = shares[1].tenant
        try await late.admin("update q.due set run_at = '\(TestTenant.now.adding(hours: 1))' where tenant_id = $t")
        let alone = try await Self.work(30, each: 10, in: database)
        #expect(alone[late.id.uuid] == nil)
        try await late.admin("update q.due set run_at = '\(TestTenant.now)' where tenant_id = $t")
        let together = try await Self.work(20, each: 10, in: database)
        // At most a batch of a hundred ahead, and then by turns.
        print("after its sleep: \(together[late.id.uuid] ?? 0) of 200")
        #expect((together[late.id.uuid] ?? 0) <= 165)
        #expect((together[shares[0].tenant.id.uuid] ?? 0) >= 35)
    }

    @Test(.database) func `a queue without weights, and one that remembers sleep, are caught`() async throws {
        let database = try TestDatabase.current()
        let body = "begin return p_rows::bigint * 1000; end"
        try await database.replaceFunction("q.work_of", body: body)
        let shares = try await Self.shares([100, 300], due: 300, in: database)
        let got = try await Self.work(30, each: 10, in: database)
        #expect(Self.jain(shares, got) < 0.9)

        try await database.admin("delete from q.due")
        let ready = try #require(
            try await database.value(
                "select prosrc from pg_proc where proname = 'ready_lanes' and pronamespace = 'q'::regnamespace"))
        let clamp = "greatest(l.pass, v_time - q.work_of(100, 100))"
        #expect(ready.contains(clamp))
        try await database.replaceFunction("q.ready_lanes", body: ready.replacing(clamp, with: "l.pass"))
        let late = try await Self.shares([100], due: 300, in: database)[0].tenant
        try await shares[0].tenant.plantDue(300)
        let after = try await Self.work(20, each: 10, in: database)
        print("without the clamp: \(after[late.id.uuid] ?? 0) of 200")
        #expect((after[late.id.uuid] ?? 0) > 140)
    }

    @Test(.database) func `what is urgent goes before what was planned`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        let courier = try Courier(of: tenant)
        try await tenant.plantDue(20, runAt: TestTenant.now.adding(hours: -1))
        let urgent = UUID()
        try await tenant.write(as: .worker) { tx, context in
            try tx.enqueue([
                NewDue(kind: .step, ref: urgent, lane: tenant.lane, runAt: context.now, isUrgent: true)
            ])
        }
        let lane = try await courier.queue.readyLanes(now: TestTenant.now.timestamp, limit: 10).first
        #expect(lane?.isUrgent == true)
        let claims = try await courier.claim(limit: 3)
        #expect(claims.count == 3)
        #expect(claims.filter(\.isUrgent).map(\.lease.due) == [urgent])
    }
}
