import Dunning
import Foundation
import Operations
import Postgres
import Queue
import Store
import Support
import Testing

@Suite(.database) struct StagingTests {
    private static let now = TestTenant.now
    private static let horizon = now.adding(minutes: 15)

    private static func made() async throws -> (TestTenant, Courier) {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        return (tenant, try Courier(of: tenant))
    }

    @Test func `staging twice brings each near step once, and no far one`() async throws {
        let (tenant, courier) = try await Self.made()
        try await tenant.plantSteps(50, due: Self.now)
        try await tenant.plantSteps(10, due: Self.horizon)
        #expect(try await courier.stage(tenant.lane) == 50)
        #expect(try await courier.stage(tenant.lane) == 0)
        #expect(try await tenant.staged == 50)
        let stagedTo = try await tenant.value(
            "select staged_to = '\(Self.horizon)' from q.lane where tenant_id = $t and lane_id = '\(tenant.lane)'")
        #expect(stagedTo == "t")
    }

    @Test func `a new lane stages what was due long ago`() async throws {
        let (tenant, courier) = try await Self.made()
        try await tenant.plantSteps(1, due: Self.now.adding(days: -400))
        #expect(try await courier.stage(tenant.lane) == 1)
    }

    @Test func `a step planned before a pass and committed after it is found by the next`() async throws {
        let (tenant, courier) = try await Self.made()
        try await courier.stage(tenant.lane)
        try await tenant.plantSteps(1, due: Self.horizon.adding(seconds: -90))
        // Without the slack it would be lost.
        let withoutSlack = try await tenant.value(
            "select q.stage($t, '\(tenant.lane)', '\(Self.horizon.adding(seconds: 1))', '0', 10)")
        #expect(withoutSlack == "0")
        #expect(try await courier.stage(tenant.lane, at: Self.now.adding(seconds: 2)) == 1)
    }

    @Test func `more than one batch is staged in several, and nothing is passed over`() async throws {
        let (tenant, courier) = try await Self.made()
        // A row put off for later in the same lane must not be taken for the end of the batch.
        try await tenant.plantDue(1, runAt: Self.now.adding(hours: 3))
        try await tenant.plantSteps(120, due: Self.now.adding(minutes: -30), every: 20)
        var passes: [Int] = []
        while passes.count < 20 {
            let count = try await courier.stage(tenant.lane, limit: 50)
            if count == 0 { break }
            passes.append(count)
        }
        #expect(passes == [50, 50, 20])
        #expect(try await tenant.staged == 121)
    }

    @Test func `a batch partly brought near by the planner goes on where it ended`() async throws {
        let (tenant, courier) = try await Self.made()
        try await tenant.plantSteps(60, due: Self.now.adding(minutes: -30), every: 25)
        // A planner's own row appears between the stager's look and its insert: staging meets it and counts on.
        try await tenant.admin(
            """
            create or replace function pg_temp.noop() returns void language sql as '';
            insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
            select $t, gen_random_uuid(), s.lane_id, 'settle', s.step_run_id, s.due_at from step_run s
            where s.tenant_id = $t order by s.due_at limit 5;
            update q.due set due_id = ref where tenant_id = $t
            """)
        while try await courier.stage(tenant.lane, limit: 20) > 0 {}
        // Five keys are taken by other kinds of row; the steps behind them are still not lost track of.
        #expect(try await tenant.staged == 55)
    }

    @Test func `many stagers of one lane stage each step once`() async throws {
        let (tenant, courier) = try await Self.made()
        try await tenant.plantSteps(300, due: Self.now)
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await courier.stage(tenant.lane, limit: 100) } }
            return try await group.reduce(0, +)
        }
        while try await courier.stage(tenant.lane, limit: 100) > 0 {}
        #expect(try await tenant.staged == 300)
        #expect(total <= 300)
    }

    @Test func `a job already there is drawn nearer, never put off`() async throws {
        let (tenant, _) = try await Self.made()
        func enqueue(_ runAt: Instant) async throws {
            try await tenant.write { tx, context in
                try tx.enqueue([NewDue(kind: .drain, ref: tx.tenantID, lane: tx.tenantID, runAt: runAt)])
            }
        }
        func runAt() async throws -> String? {
            try await tenant.value(
                "select extract(epoch from run_at - '\(Self.now)')::bigint from q.due where tenant_id = $t and kind = 'drain'"
            )
        }
        try await enqueue(Self.now.adding(minutes: 10))
        try await enqueue(Self.now.adding(minutes: 5))
        #expect(try await runAt() == "300")
        try await enqueue(Self.now.adding(minutes: 20))
        #expect(try await runAt() == "300")
    }
}
