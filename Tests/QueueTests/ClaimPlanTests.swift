import Dunning
import Foundation
import Postgres
import Queue
import Store
import Support
import Testing

/// What a claim costs does not depend on how much is planned. A database of its own: it is filled.
@Suite struct ClaimPlanTests {
    /// How often a table was read whole, how many rows were fetched by index, and how many written, with and without indexes.
    private struct Reads {
        let whole: Int
        let fetched: Int
        let written: Int
        let hot: Int
    }

    /// What one call reads and writes, by table.
    private static func reads(_ call: String, as role: TestDatabase.Role, tenant: TestTenant) async throws -> [String:
        Reads]
    {
        // The dispatch role is of no tenant.
        // Of this transaction only: behind a pooler the session is one that has done something before.
        _ = try await tenant.database.run("select pg_stat_force_next_flush()", as: role)
        let entry = role == .dispatch ? "" : "select sec.enter('\(tenant.id.uuid)');"
        let rows = try await tenant.database.run(
            """
            begin; \(entry)
            select count(*) from (\(call)) c;
            select schemaname || '.' || relname, seq_scan, idx_tup_fetch, n_tup_upd, n_tup_hot_upd
            from pg_stat_xact_user_tables
            where seq_scan + idx_scan > 0
            """, as: role)
        var reads: [String: Reads] = [:]
        for row in rows {
            let counts = row.dropFirst().map { Int($0 ?? "") ?? -1 }
            guard counts.count == 4 else { continue }
            reads[row[0] ?? ""] = Reads(whole: counts[0], fetched: counts[1], written: counts[2], hot: counts[3])
        }
        return reads
    }

    private static func claim(in tenant: TestTenant) -> String {
        """
        select * from q.claim('\(tenant.id.uuid)', '\(tenant.lane)', '\(UUID())', '\(TestTenant.now)', 100, 0, false, 0, 0)
        """
    }

    private static func fill(_ tenant: TestTenant, planned: Int) async throws {
        try await tenant.plantSteps(planned, due: TestTenant.now.adding(days: 1), every: 1)
        try await tenant.plantSteps(300, due: TestTenant.now)
        // Small tables are read whole whatever there is in them, so there are many lanes.
        try await tenant.admin(
            """
            insert into q.lane (tenant_id, lane_id, kind, staged_to)
            select $t, gen_random_uuid(), 'mail', 'infinity' from generate_series(1, 3000);
            insert into q.due (tenant_id, due_id, lane_id, kind, ref, run_at)
            select $t, g, '\(tenant.lane)', 'step', g, '\(TestTenant.now)'
            from (select gen_random_uuid() as g from generate_series(1, 5000)) x;
            analyze
            """)
    }

    @Test(.database) func `with a hundred thousand steps planned a claim reads by index alone`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        try await Self.fill(tenant, planned: 100_000)
        let claimed = try await Self.reads(Self.claim(in: tenant), as: .worker, tenant: tenant)
        print("claim: \(claimed)")
        #expect(claimed.count >= 3)
        #expect(claimed.allSatisfy { $0.value.whole == 0 })
        // A hundred rows, found and then written: not the thousands that are due.
        #expect((claimed["q.due"]?.fetched ?? 0) < 1_000)
        let staged = try await Self.reads(
            "select q.stage('\(tenant.id.uuid)', '\(tenant.lane)', '\(TestTenant.now.adding(minutes: 15))', '2 min', 100)",
            as: .worker, tenant: tenant)
        print("stage: \(staged)")
        #expect(staged["public.step_run"]?.whole == 0)
        // The look across tenants reads the lanes, and nothing else whole.
        let looked = try await Self.reads(
            "select * from q.ready_lanes('\(TestTenant.now)', false, 100)", as: .dispatch, tenant: tenant)
        print("look: \(looked)")
        #expect(looked["q.due"]?.whole == 0)
    }

    @Test(.database, arguments: [true, false])
    func `arming, giving back and ending a hundred leases reads them and no others`(isAnalyzed: Bool) async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        try await Self.fill(tenant, planned: 100)
        let worker = UUID()
        // All of them claimed by this worker, so that no index is of more use than the key.
        try await tenant.admin(
            "update q.due set phase = 1, worker_id = '\(worker)', lease = 7, claimed_at = now() where tenant_id = $t")
        if !isAnalyzed {
            try await tenant.admin("delete from pg_statistic; update pg_class set reltuples = -1 where relname = 'due'")
        }
        let due = try await tenant.admin("select due_id from q.due where tenant_id = $t order by run_at desc limit 100")
        let ids = "array['\(due.map { $0[0] ?? "" }.joined(separator: "','"))']::uuid[]"
        let leases = "array_fill(7::bigint, array[100])"
        let now = TestTenant.now
        for call in [
            "q.arm('\(tenant.id.uuid)', '\(worker)', \(ids), \(leases))",
            "q.release('\(tenant.id.uuid)', '\(worker)', \(ids), \(leases), array_fill('\(now)'::timestamptz, array[100]), true)",
            "q.fail('\(tenant.id.uuid)', '\(worker)', \(ids), \(leases), '\(now)', '\(now)', 'why', 3)",
            "q.finish('\(tenant.id.uuid)', '\(worker)', \(ids), \(leases))",
        ] {
            let reads = try await Self.reads("select * from \(call)", as: .worker, tenant: tenant)
            print("\(call.prefix(9)) \(reads)")
            #expect((1..<1_000).contains(reads["q.due"]?.fetched ?? 0))
            #expect(reads["q.due"]?.whole == 0)
        }
    }

    @Test(.database, arguments: [false, true])
    func `arming writes rows and no index, unless an index looks at the phase`(isLookedAt: Bool) async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        try await Self.fill(tenant, planned: 100)
        if isLookedAt {
            try await tenant.admin("create index due_of_phase on q.due (tenant_id, run_at) where phase = 0")
        }
        let worker = UUID()
        let queue = try Courier(of: tenant).queue
        let claims = try await queue.claim(
            tenant: tenant.id.uuid, lane: tenant.lane, worker: worker, now: TestTenant.now.timestamp, limit: 100)
        #expect(claims.count == 100)
        let ids = claims.map { "'\($0.lease.due)'" }.joined(separator: ",")
        let leases = claims.map { "\($0.lease.number)" }.joined(separator: ",")
        let call = "q.arm('\(tenant.id.uuid)', '\(worker)', array[\(ids)]::uuid[], array[\(leases)]::bigint[])"
        let armed = try #require(
            try await Self.reads("select * from \(call)", as: .worker, tenant: tenant)["q.due"])
        print("arm: \(armed)")
        #expect(armed.written == 100)
        // Now and then a page has no room left.
        #expect(isLookedAt ? armed.hot == 0 : armed.hot > 90)
    }

    @Test(.database) func `a claim without its index is caught`() async throws {
        let tenant = try await TestTenant.make(in: try TestDatabase.current())
        try await Self.fill(tenant, planned: 1_000)
        try await tenant.admin("drop index q.due_claim")
        let claimed = try await Self.reads(Self.claim(in: tenant), as: .worker, tenant: tenant)
        #expect((claimed["q.due"]?.fetched ?? 0) > 5_000 || (claimed["q.due"]?.whole ?? 0) > 0)
    }
}
